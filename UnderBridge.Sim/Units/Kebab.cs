using System.Text;

namespace UnderBridge.Sim.Units;

/// <summary>Names as files spell them: <c>WriteCr3</c> is <c>write-cr3</c>.</summary>
static class Kebab
{
    public static string Of(string pascal)
    {
        var text = new StringBuilder();
        foreach (var letter in pascal)
        {
            if (char.IsUpper(letter) && text.Length > 0) text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }

    public static string Of<TEnum>(TEnum value) where TEnum : struct, Enum => Of(value.ToString());

    /// <summary>The value that files spell as <paramref name="text"/>, if any.</summary>
    public static bool TryParse<TEnum>(string text, out TEnum value) where TEnum : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<TEnum>())
        {
            if (Of(candidate) != text) continue;
            value = candidate;
            return true;
        }
        value = default;
        return false;
    }
}
