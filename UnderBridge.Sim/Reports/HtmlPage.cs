using System.Net;

namespace UnderBridge.Sim.Reports;

/// <summary>A page that needs nothing beside itself: no script, no font, no picture from elsewhere.</summary>
static class HtmlPage
{
    const string Style = """
        body { font: 16px/1.5 system-ui, sans-serif; color: #222; background: #fff; max-width: 1100px; margin: 2em auto; padding: 0 1em }
        h1 { font-size: 1.6em; margin-bottom: 0 } h2 { font-size: 1.2em; margin-top: 2em; border-bottom: 1px solid #ddd }
        a { color: #0072b2 }
        .question { color: #555; font-style: italic; margin-top: .3em }
        .answer { font-size: 1.1em; border-left: 4px solid #0072b2; padding: .4em 1em; background: #f3f8fb }
        .warning { border-left: 4px solid #d55e00; padding: .2em 1em }
        img { max-width: 100%; height: auto } figure { margin: 1em 0 }
        .table { overflow-x: auto; max-height: 40em; overflow-y: auto } table { border-collapse: collapse; font-size: .8em }
        caption { text-align: left; font-weight: bold; padding: .5em 0 } th { text-align: left; vertical-align: bottom; position: sticky; top: 0; background: #fff }
        th, td { padding: .2em .6em; border-bottom: 1px solid #e5e5e5 } td { vertical-align: top }
        .gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 2em } .gallery h2 { margin: .3em 0; border: 0 } .gallery p { margin: .3em 0 }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1em; font-size: .8em } dt { font-weight: bold } dd { margin: 0; overflow-wrap: anywhere }
        """;

    public static string Of(string title, string body) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Escape(title)}</title>
        <style>
        {Style}
        </style>
        </head>
        <body>
        {body}
        </body>
        </html>

        """.ReplaceLineEndings("\n");

    public static string Escape(string text) => WebUtility.HtmlEncode(text);
}
