using System.Buffers;
using System.Globalization;

namespace UnderBridge.Sim.Workloads;

/// <summary>
/// The grammar of one line of strace output: <c>[pid 7] 12:00:00.1 read(3, ""..., 16) = 16 &lt;0.00001&gt;</c>, where process, time and duration
/// are each optional, and a call that another process interrupts is split in an <c>&lt;unfinished ...&gt;</c> and a <c>resumed</c> line.
/// </summary>
static class StraceLine
{
    public const string Unfinished = "<unfinished ...>";
    const string ResumedStart = "<... ", ResumedEnd = " resumed>";
    static readonly SearchValues<char> NumberOrTime = SearchValues.Create("0123456789.:");

    /// <summary>Takes process, time and instruction pointer off the front of a line.</summary>
    public static int TakePrefix(ref ReadOnlySpan<char> line)
    {
        var process = 0;
        var first = true;
        line = line.TrimStart();
        while (true)
        {
            if (line.StartsWith("[pid "))
            {
                var close = line.IndexOf(']');
                if (close < 0) return process;
                _ = int.TryParse(line[5..close].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out process);
                line = line[(close + 1)..].TrimStart();
            }
            else if (line.StartsWith("[") && line.IndexOf(']') is > 0 and < 24 and var close)
            {
                line = line[(close + 1)..].TrimStart();
            }
            else if (line.Length > 0 && char.IsAsciiDigit(line[0]) && line.IndexOf(' ') is > 0 and var space && IsNumberOrTime(line[..space]))
            {
                if (first) _ = int.TryParse(line[..space], NumberStyles.None, CultureInfo.InvariantCulture, out process);
                line = line[space..].TrimStart();
            }
            else
            {
                return process;
            }
            first = false;
        }
    }

    /// <summary>Lines that tell of something other than a call: signals, exits, strace's own messages, stack frames.</summary>
    public static bool IsEvent(ReadOnlySpan<char> line) =>
        line.IsEmpty || line.StartsWith("---") || line.StartsWith("+++") || line.StartsWith("strace: ") || line.StartsWith("> ")
        || line.StartsWith("<pid changed") || line.StartsWith("[ Process");

    /// <summary>For <c>&lt;... read resumed&gt;rest</c>: the call's name and what follows.</summary>
    public static bool TryResumed(ReadOnlySpan<char> line, out ReadOnlySpan<char> name, out ReadOnlySpan<char> rest)
    {
        name = rest = default;
        if (!line.StartsWith(ResumedStart)) return false;
        var end = line.IndexOf(ResumedEnd);
        if (end < 0) return false;
        name = line[ResumedStart.Length..end];
        rest = line[(end + ResumedEnd.Length)..];
        return true;
    }

    /// <summary>Splits <c>name(arguments) = result</c>; false when the line has another shape.</summary>
    public static bool TryCall(
        ReadOnlySpan<char> line, out ReadOnlySpan<char> name, out ReadOnlySpan<char> arguments, out long result, out ReadOnlySpan<char> error)
    {
        name = arguments = error = default;
        result = 0;
        var open = line.IndexOf('(');
        if (open <= 0 || !IsName(line[..open])) return false;
        name = line[..open];
        var body = line[(open + 1)..];
        var close = ClosingParenthesis(body);
        if (close < 0 || !TryResult(body[(close + 1)..], out result, out error))
        {
            // A path annotated by strace -y may hold a parenthesis; the result then follows the last one.
            close = body.LastIndexOf(") = ");
            if (close < 0 || !TryResult(body[(close + 1)..], out result, out error)) return false;
        }
        arguments = body[..close];
        return true;
    }

    /// <summary>The argument at a position among those separated by commas outside of quotes and brackets.</summary>
    public static ReadOnlySpan<char> Argument(ReadOnlySpan<char> arguments, int position)
    {
        for (; position > 0; position--)
        {
            var comma = NextComma(arguments);
            if (comma < 0) return default;
            arguments = arguments[(comma + 1)..].TrimStart();
        }
        var end = NextComma(arguments);
        return (end < 0 ? arguments : arguments[..end]).Trim();
    }

    static int NextComma(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"': i = EndOfQuote(text, i); break;
                case '(' or '[' or '{': depth++; break;
                case ')' or ']' or '}': depth--; break;
                case ',' when depth == 0: return i;
            }
        }
        return -1;
    }

    static int ClosingParenthesis(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var next = text[i..].IndexOfAny('"', '(', ')');
            if (next < 0) return -1;
            i += next;
            if (text[i] == '"') i = EndOfQuote(text, i);
            else if (text[i] == '(') depth++;
            else if (depth-- == 0) return i;
        }
        return -1;
    }

    static int EndOfQuote(ReadOnlySpan<char> text, int start)
    {
        var i = start + 1;
        while (i < text.Length && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
        return i;
    }

    static bool TryResult(ReadOnlySpan<char> text, out long result, out ReadOnlySpan<char> error)
    {
        result = 0;
        error = default;
        text = text.TrimStart();
        if (!text.StartsWith("=")) return false;
        text = text[1..].TrimStart();
        var value = text[..EndOfWord(text)];
        if (value is not "?" && !TryNumber(value, out result)) return false;
        text = text[value.Length..].TrimStart();
        var word = text[..EndOfWord(text)];
        if (word.Length > 1 && word[0] == 'E' && char.IsAsciiLetterUpper(word[1]))
        {
            error = word;
            result = -1;
        }
        return true;
    }

    static bool TryNumber(ReadOnlySpan<char> text, out long number)
    {
        if (text.StartsWith("0x"))
        {
            var parsed = ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var pointer);
            number = unchecked((long)pointer);
            return parsed;
        }
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    static int EndOfWord(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(' ', '<', '(');
        return end < 0 ? text.Length : end;
    }

    static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && c != '?') return false;
        }
        return true;
    }

    static bool IsNumberOrTime(ReadOnlySpan<char> text) => text.IndexOfAnyExcept(NumberOrTime) < 0;
}
