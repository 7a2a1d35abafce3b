namespace UnderBridge.Sim.Systems.Services;

/// <summary>
/// How popular servers are, and how that moves: the server of rank r, from 1, is called in proportion to 1 / r^<paramref name="Exponent"/> (Zipf). Every
/// <paramref name="ShiftEvery"/> requests the ranking moves on by <paramref name="ShiftBy"/> servers; 0 leaves it as it is.
/// </summary>
readonly record struct Popularity(double Exponent, int ShiftEvery, int ShiftBy);

/// <summary>
/// The requests of an app, drawn before anything runs: each goes to one server, which calls others for it. So every system that serves them is asked the
/// same, in the same order. Which server has which rank is drawn too, since servers do not boot in the order of their popularity.
/// </summary>
sealed class RequestStream
{
    readonly int[] servers;
    readonly int perRequest;

    /// <param name="random">Where the draws come from.</param>
    /// <param name="serverCount">How many servers there are.</param>
    /// <param name="requests">How many requests there are.</param>
    /// <param name="callsPerRequest">Calls that the first server makes to others for each.</param>
    /// <param name="popularity">Who is called how often.</param>
    public RequestStream(IRandom random, int serverCount, int requests, int callsPerRequest, Popularity popularity)
    {
        Servers = serverCount;
        perRequest = 1 + callsPerRequest;
        servers = new int[requests * perRequest];
        var ranking = Ranking(random, serverCount);
        var shares = Shares(serverCount, popularity.Exponent);
        for (var i = 0; i < servers.Length; i++)
        {
            var phase = popularity.ShiftEvery == 0 ? 0 : i / perRequest / popularity.ShiftEvery;
            servers[i] = ranking[(int)((Rank(shares, random.NextDouble()) + (long)phase * popularity.ShiftBy) % serverCount)];
        }
    }

    public int Servers { get; }
    public int Requests => servers.Length / perRequest;

    /// <summary>The server that a request goes to, and then those that it calls. One that would call itself does that work by itself.</summary>
    public ReadOnlySpan<int> this[int request] => servers.AsSpan(request * perRequest, perRequest);

    /// <summary>How often each server is called in so many requests from one on.</summary>
    public void Count(int first, int requests, Span<long> calls)
    {
        calls.Clear();
        for (var request = first; request < Math.Min(first + requests, Requests); request++)
            foreach (var server in this[request]) calls[server]++;
    }

    // Fisher and Yates.
    static int[] Ranking(IRandom random, int count)
    {
        var ranking = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (ranking[i], ranking[j]) = (ranking[j], ranking[i]);
        }
        return ranking;
    }

    // Shares of the ranks added up, from 0 to 1.
    static double[] Shares(int count, double exponent)
    {
        var sums = new double[count];
        var sum = 0.0;
        for (var rank = 0; rank < count; rank++) sums[rank] = sum += Math.Pow(rank + 1, -exponent);
        for (var rank = 0; rank < count; rank++) sums[rank] /= sum;
        return sums;
    }

    static int Rank(double[] shares, double draw)
    {
        var found = Array.BinarySearch(shares, draw);
        return Math.Min(found < 0 ? ~found : found + 1, shares.Length - 1);
    }
}
