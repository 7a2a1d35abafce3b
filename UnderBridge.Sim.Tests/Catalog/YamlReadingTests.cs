using CsCheck;
using UnderBridge.Sim.Catalog;
using UnderBridge.Sim.Catalog.Yaml;
using UnderBridge.Sim.Evidence;

namespace UnderBridge.Sim.Tests;

public class YamlReadingTests
{
    static readonly Bibliography Books = new(
        new Dictionary<string, Source> { ["slides"] = new("slides", "Slides", "A venue", "") },
        new Dictionary<string, PublishedNumber> { ["rt-sel4"] = new("rt-sel4", 1450, "cycles", new Citation("slides", "slide 21"), "") });

    ErrorList errors = new();

    [SetUp]
    public void Forget() => errors = new ErrorList();

    YamlMap Map(string text) => YamlDocument.Parse(text, "x.yaml", errors, Books);

    string Messages => string.Join('\n', errors.Errors);

    [Test]
    public void An_unknown_key_is_reported_with_the_nearest_known_one()
    {
        var kernel = Map("kernel:\n  ktpi: true\n").Map("kernel");
        kernel.OptionalFlag("kpti");
        kernel.OptionalFlag("pcid");
        kernel.OptionalText("fpu");
        kernel.Close();
        Assert.That(Messages, Is.EqualTo("x.yaml:2:3: found 'ktpi' under 'kernel', expected one of kpti, pcid, fpu; did you mean 'kpti'?"));
    }

    [Test]
    public void All_errors_of_a_file_are_reported_at_once_in_the_order_of_its_lines()
    {
        var map = Map("titel: x\nseed: many\nflag: yes\nname: [a]\n");
        map.Text("name");
        map.Text("title");
        map.Whole("seed");
        map.Flag("flag");
        map.Close();
        Assert.That(errors.Errors.Select(error => error.ToString()), Is.EqualTo(new[]
        {
            "x.yaml:1:1: found no 'title', expected a text",
            "x.yaml:1:1: found 'titel', expected one of name, title, seed, flag; did you mean 'title'?",
            "x.yaml:2:7: found 'many' for 'seed', expected a whole number",
            "x.yaml:3:7: found 'yes' for 'flag', expected true or false",
            "x.yaml:4:7: found a list for 'name', expected a text",
        }));
    }

    [TestCase("n: abc", "x.yaml:1:4: found 'abc' for 'n', expected a number of at least 0")]
    [TestCase("n: -1", "x.yaml:1:4: found '-1' for 'n', expected a number of at least 0")]
    [TestCase("n: .nan", "x.yaml:1:4: found '.nan' for 'n', expected a number of at least 0")]
    [TestCase("n: NaN", "x.yaml:1:4: found 'NaN' for 'n', expected a number of at least 0")]
    [TestCase("n: .inf", "x.yaml:1:4: found '.inf' for 'n', expected a number of at least 0")]
    [TestCase("n: 1e999", "x.yaml:1:4: found '1e999' for 'n', expected a number of at least 0")]
    [TestCase("n: 28 cycles", "x.yaml:1:4: found '28 cycles' for 'n', expected a number of at least 0")]
    [TestCase("n: 1,5", "x.yaml:1:4: found '1,5' for 'n', expected a number of at least 0")]
    [TestCase("n: \"28\"", "x.yaml:1:4: found the text '28' for 'n', expected a number of at least 0")]
    [TestCase("n:", "x.yaml:1:3: found nothing for 'n', expected a number of at least 0")]
    [TestCase("n: {a: 1}", "x.yaml:1:4: found a map for 'n', expected a number of at least 0")]
    [TestCase("n: []", "x.yaml:1:4: found an empty list for 'n', expected a number of at least 0")]
    [TestCase("m: 1", "x.yaml:1:1: found no 'n', expected a number of at least 0")]
    public void What_is_not_a_number_within_bounds_is_refused(string text, string message)
    {
        Map(text).Number("n", Bounds.NotNegative);
        Assert.That(Messages, Is.EqualTo(message));
    }

    [TestCase("n: 1.5", "x.yaml:1:4: found '1.5' for 'n', expected a whole number between 1 and 16")]
    [TestCase("n: 17", "x.yaml:1:4: found '17' for 'n', expected a whole number between 1 and 16")]
    [TestCase("n: 99999999999", "x.yaml:1:4: found '99999999999' for 'n', expected a whole number between 1 and 16")]
    public void What_is_not_a_whole_number_within_bounds_is_refused(string text, string message)
    {
        Map(text).Whole("n", new Bounds(1, 16));
        Assert.That(Messages, Is.EqualTo(message));
    }

    [Test]
    public void Numbers_are_read_with_a_point_in_every_culture() => Assert.That(Map("n: 0.5").Number("n"), Is.EqualTo(0.5));

    [Test]
    public void A_choice_lists_its_names_and_the_nearest()
    {
        Map("grade: quotet").Choice<Grade>("grade");
        Assert.That(Messages, Is.EqualTo(
            "x.yaml:1:8: found 'quotet' for 'grade', expected one of measured, published, quoted, derived, fitted, assumed; did you mean 'quoted'?"));
    }

    [TestCase("", "x.yaml: found an empty file, expected a map of keys")]
    [TestCase("# only a comment\n", "x.yaml: found an empty file, expected a map of keys")]
    [TestCase("just words", "x.yaml:1:1: found 'just words', expected a map of keys")]
    [TestCase("- a\n- b\n", "x.yaml:1:1: found a list, expected a map of keys")]
    [TestCase("a: 1\nb: 2\na: 3\n", "x.yaml:3:1: found 'a' a second time, expected it once (the first is at line 1)")]
    [TestCase("a:\n\tb: 1\n", "x.yaml:2:1: found a tab in the indentation, expected spaces")]
    [TestCase("a: &x 1\n", "x.yaml:1:4: found the anchor '&x', expected a value without an anchor")]
    [TestCase("a: !!str 1\n", "x.yaml:1:4: found the tag 'tag:yaml.org,2002:str', expected a value without a tag")]
    [TestCase("a: 1\n---\nb: 1\n", "x.yaml:2:1: found a second document, expected one document a file")]
    [TestCase("[a, b]: 1\n", "x.yaml:1:1: found a list as a key, expected a name")]
    public void What_is_not_one_plain_map_is_refused(string text, string message)
    {
        Map(text);
        Assert.That(Messages, Is.EqualTo(message));
    }

    [TestCase("a: [1, 2\nb: 3\n")]
    [TestCase("a: \"open\n")]
    [TestCase("a: b: c\n")]
    [TestCase("{")]
    [TestCase("a: @x\n")]
    public void A_syntax_error_is_one_message_with_its_place(string text)
    {
        Map(text);
        Assert.That(Messages, Does.Match(@"^x\.yaml:\d+:\d+: found a syntax error \([^\n]+\), expected YAML$"));
    }

    [Test]
    public void Nesting_too_deep_to_be_meant_is_refused()
    {
        Map(string.Concat(Enumerable.Repeat("[", 100_000)));
        Assert.That(errors.Count, Is.EqualTo(1));
        Assert.That(Messages, Does.Contain("nested deeper than 64 levels"));
    }

    [Test]
    public void Any_text_is_read_or_refused_and_never_throws() =>
        Gen.Char["ab1:-,[]{}&*!|>'\"%@`#? \t\n"].Array[0, 40].Sample(letters =>
        {
            var found = new ErrorList();
            return !YamlDocument.Parse(new string(letters), "x.yaml", found, Books).IsBroken || found.Count > 0;
        }, iter: 5000);

    [Test]
    public void A_broken_file_is_reported_once_and_not_asked_for_its_keys()
    {
        var map = Map("a: [");
        map.Text("title");
        map.Map("kernel").Flag("kpti");
        map.Close();
        Assert.That(errors.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_missing_map_is_reported_once_and_not_asked_for_its_keys()
    {
        Map("a: 1").Map("kernel").Flag("kpti");
        Assert.That(Messages, Is.EqualTo("x.yaml:1:1: found no 'kernel', expected a map"));
    }

    [Test]
    public void Paths_that_are_no_text_file_are_refused_under_the_name_they_were_given()
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "junk.yaml"), [0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]);
            File.WriteAllBytes(Path.Combine(folder, "latin.yaml"), [0x61, 0x3a, 0x20, 0xe9, 0x0a]);
            File.WriteAllText(Path.Combine(folder, "sqlite.yaml"), "a: 1");
            foreach (var name in new[] { "junk.yaml", "latin.yaml", "sqllite.yaml", "." }) YamlDocument.Read(Path.Combine(folder, name), errors, Books);
            Assert.That(Messages.Replace(folder, "F", StringComparison.Ordinal).Split('\n'), Is.EqualTo(new[]
            {
                "F/junk.yaml: found a binary file, expected a YAML file",
                "F/latin.yaml: found bytes that are not UTF-8 text, expected a YAML file",
                "F/sqllite.yaml: found no such file, expected a YAML file; did you mean 'F/sqlite.yaml'?",
                "F/.: found a directory, expected a YAML file",
            }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    const string Good = "{value: 28, unit: cycles, grade: published, source: slides, at: slide 9}";

    [Test]
    public void A_sourced_number_knows_its_name_its_evidence_and_its_range()
    {
        var number = Map("cr3: {value: 186, unit: cycles, grade: assumed, source: slides, at: table 1, range: [125, 231], rests-on: rt-sel4, note: why}")
            .Sourced("cr3", "machine", "cycles");
        Assert.That(Messages, Is.Empty);
        Assert.That(number, Is.EqualTo(
            new Sourced<double>("machine.cr3", 186, "cycles", Grade.Assumed, new Citation("slides", "table 1"), 125, 231, "rt-sel4", "why")));
    }

    [Test]
    public void A_published_number_needs_no_range()
    {
        var number = Map($"wrpkru: {Good}").Sourced("wrpkru", "machine", "cycles");
        Assert.That(Messages, Is.Empty);
        Assert.That((number.Low, number.High), Is.EqualTo((28.0, 28.0)));
    }

    [Test]
    public void A_naked_number_is_refused()
    {
        Map("wrpkru: 28").Sourced("wrpkru", "machine", "cycles");
        Assert.That(Messages, Is.EqualTo("x.yaml:1:9: found the naked number '28' for 'wrpkru', expected a map {value, unit, grade, source, at}, "
            + "for each number says where it comes from (unit: cycles; grade: measured, published, quoted, derived, fitted, assumed)"));
    }

    [TestCase("cycles", "ns", "x.yaml:1:27: found 'ns' for 'unit', expected one of cycles")]
    [TestCase("source: slides", "source: slide", "x.yaml:1:61: found 'slide' for 'source', expected the key of a source in the bibliography; did you mean 'slides'?")]
    [TestCase("at: slide 9", "rests-on: rt-sel5, at: p", "x.yaml:1:79: found 'rt-sel5' for 'rests-on', expected the id of a published number; did you mean 'rt-sel4'?")]
    [TestCase("published", "quoted", "x.yaml:1:9: found no 'range' for a number graded quoted, expected [low, high] around the value")]
    [TestCase("at: slide 9", "at: p, range: [29, 30]", "x.yaml:1:83: found the range [29, 30] for the value 28, expected [low, high] around the value")]
    [TestCase("at: slide 9", "at: p, range: [20]", "x.yaml:1:83: found a range of 1 numbers, expected [low, high] around the value")]
    [TestCase("28", "-28", "x.yaml:1:17: found '-28' for 'value', expected a number of at least 0")]
    [TestCase(", at: slide 9", "", "x.yaml:1:9: found no 'at' under 'wrpkru', expected a text")]
    [TestCase("at: slide 9", "at: p, formula: 1+1", "x.yaml:1:76: found 'formula' under 'wrpkru', expected one of value, unit, grade, source, at, range, rests-on, note")]
    public void Evidence_that_is_incomplete_or_contradicts_itself_is_refused(string written, string instead, string message)
    {
        Map($"wrpkru: {Good.Replace(written, instead, StringComparison.Ordinal)}").Sourced("wrpkru", "machine", "cycles", Bounds.NotNegative);
        Assert.That(Messages, Is.EqualTo(message));
    }

    [TestCase("ktpi", "kpti")]
    [TestCase("KPTI", "kpti")]
    [TestCase("pcdi", "pcid")]
    [TestCase("wrpkru", "machine.wrpkru")]
    [TestCase("machine.wrpkur", "machine.wrpkru")]
    [TestCase("colour", null)]
    [TestCase("x", null)]
    public void The_nearest_name_is_a_small_slip_away_or_none(string name, string? nearest) =>
        Assert.That(Nearest.To(name, ["kpti", "pcid", "fpu", "machine.wrpkru", "machine.vmfunc"]), Is.EqualTo(nearest));

    [TestCase("", "abc", 3)]
    [TestCase("kpti", "ktpi", 1)]
    [TestCase("kitten", "sitting", 3)]
    [TestCase("same", "SAME", 0)]
    public void A_distance_counts_edits_and_swaps(string a, string b, int distance)
    {
        Assert.That(Nearest.Distance(a, b), Is.EqualTo(distance));
        Assert.That(Nearest.Distance(b, a), Is.EqualTo(distance));
    }
}
