namespace UnderBridge.Sim.Hardware;

/// <summary>Lines of one region that a piece of code touches.</summary>
readonly record struct FootprintPart(Region Region, int Lines, Access Access)
{
    /// <summary>Taken branches in these lines, spread evenly; at most two a line. They matter on a machine that has a branch predictor.</summary>
    public int Branches { get; init; }
}

/// <summary>
/// The lines a piece of code touches each time it runs. The lines of a part are spread evenly over the pages of its region. In each page they go on where those of
/// the page before ended, as code does that a linker laid out in one piece, so a footprint does not crowd a few cache sets; where they begin
/// follows from the footprint's name. Footprints of one name share lines.
/// </summary>
sealed class Footprint
{
    /// <summary>So many branches of a line are told apart.</summary>
    internal const int BranchesALine = 2;

    readonly RegionTouch[] touches;

    public Footprint(string name, params ReadOnlySpan<FootprintPart> parts)
    {
        Name = name;
        touches = new RegionTouch[parts.Length];
        for (var n = 0; n < touches.Length; n++) touches[n] = new RegionTouch(parts[n].Region, parts[n].Access, Spread(parts[n]));
        Lines = touches.Sum(touch => touch.Pages.Sum(page => page.Lines));
    }

    /// <summary>Instruction fetches from one region, and reads or writes of another.</summary>
    public Footprint(string name, Region code, int codeLines, Region data, int dataLines, Access dataAccess = Access.Read)
        : this(name, new FootprintPart(code, codeLines, Access.Fetch), new FootprintPart(data, dataLines, dataAccess)) { }

    public string Name { get; }
    public int Lines { get; }
    public int Pages => touches.SelectMany(touch => touch.Pages, (touch, page) => (touch.Region, page.Page)).Distinct().Count();

    internal ReadOnlySpan<RegionTouch> Touches => touches;

    PageTouch[] Spread(FootprintPart part)
    {
        var list = new List<PageTouch>();
        var (region, lines, _) = part;
        if (lines > region.Lines) throw new ArgumentException($"{Name} touches {lines} lines of {region}, which has {region.Lines}.");
        if (part.Branches > BranchesALine * lines) throw new ArgumentException($"{Name} has {part.Branches} branches in {lines} lines of {region}; at most {BranchesALine} a line are told apart.");
        var pages = Math.Min(lines, region.Pages);
        var (before, branches) = (0, part.Branches);
        var line = StableHash.Below(StableHash.Mix(StableHash.Of(region.Scatter, $"{Name}/{region.Name}")), region.LinesPerPage);
        for (var n = 0; n < pages; n++)
        {
            var page = (int)((long)n * region.Pages / pages);
            var count = lines / pages + (n < lines % pages ? 1 : 0);
            var beforeEnd = Math.Min(count, region.LinesPerPage - line);
            Add(line, beforeEnd);
            if (count > beforeEnd) Add(0, count - beforeEnd);

            void Add(int first, int some)
            {
                list.Add(new PageTouch(page, first, some, (before + some) * branches / lines - before * branches / lines));
                before += some;
            }

            line = (line + count) % region.LinesPerPage;
        }
        return [.. list];
    }
}

/// <summary>Pages of one region that are touched in one way, in order.</summary>
readonly record struct RegionTouch(Region Region, Access Access, PageTouch[] Pages);

/// <summary>Consecutive lines of one page that are touched, and the branches in them.</summary>
readonly record struct PageTouch(int Page, int FirstLine, int Lines, int Branches = 0);
