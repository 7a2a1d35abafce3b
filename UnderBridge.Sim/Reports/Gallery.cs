namespace UnderBridge.Sim.Reports;

/// <summary>A scenario in a gallery: the folder of its results below that of the gallery, and its first picture there, if it has one.</summary>
sealed record GalleryEntry(string Folder, string Title, string Question, string Answer, string? Picture);

/// <summary>A scenario that gave no results, and why.</summary>
sealed record GalleryFailure(string Name, string Reason);

/// <summary>index.html: what a batch of scenarios gave, a card for each, which leads to its report.</summary>
static class Gallery
{
    public static string Text(IReadOnlyList<GalleryEntry> entries, IReadOnlyList<GalleryFailure> failures)
    {
        const string title = "UnderBridge.Sim: results";
        var failed = failures.Select(failure => $"<p class=\"warning\"><b>{Escape(failure.Name)}</b> failed: {Escape(failure.Reason)}</p>\n");
        return HtmlPage.Of(title, $"<h1>{title}</h1>\n{string.Concat(failed)}<div class=\"gallery\">\n{string.Concat(entries.Select(Card))}</div>");
    }

    static string Card(GalleryEntry entry)
    {
        var report = $"{Uri.EscapeDataString(entry.Folder)}/report.html";
        var picture = entry.Picture is { } file ? $"<a href=\"{report}\"><img alt=\"\" src=\"{Uri.EscapeDataString(entry.Folder)}/{Uri.EscapeDataString(file)}\"></a>" : "";
        var answer = entry.Answer.Length == 0 ? "" : $"<p>{Escape(entry.Answer)}</p>";
        return $"<div>{picture}<h2><a href=\"{report}\">{Escape(entry.Title)}</a></h2><p class=\"question\">{Escape(entry.Question)}</p>{answer}</div>\n";
    }

    static string Escape(string text) => HtmlPage.Escape(text);
}
