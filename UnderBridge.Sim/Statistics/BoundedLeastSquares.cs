using MathNet.Numerics.LinearAlgebra;

namespace UnderBridge.Sim.Statistics;

/// <summary>
/// Parameters within bounds that make the squares of residuals least: Gauss-Newton with a numerical Jacobian, each step within the bounds. Residuals that are linear in the parameters, as cycles are in prices, take one step and one to see it.
/// </summary>
static class BoundedLeastSquares
{
    const int MostSteps = 30;

    // Of the width of a parameter's bounds: the step of the Jacobian, and the move that no longer counts.
    const double Probe = 0.01, Negligible = 1e-9;

    /// <param name="residuals">What should be zero, given the parameters; at least as many as parameters.</param>
    /// <param name="start">Where to begin, within the bounds.</param>
    /// <param name="low">Least value of each parameter.</param>
    /// <param name="high">Greatest value of each parameter.</param>
    public static double[] Fit(Func<double[], double[]> residuals, double[] start, double[] low, double[] high)
    {
        var at = (double[])start.Clone();
        for (var step = 0; step < MostSteps; step++)
        {
            var now = residuals(at);
            if (now.Length < at.Length) throw new ArgumentException($"{at.Length} parameters for {now.Length} residuals", nameof(residuals));
            var next = Step(now, Jacobian(residuals, at, now, low, high), at, low, high);
            var moved = Enumerable.Range(0, at.Length).Any(i => Math.Abs(next[i] - at[i]) > Negligible * (high[i] - low[i]));
            at = next;
            if (!moved) break;
        }
        return at;
    }

    // The linear problem within the bounds, by active sets (Stark and Parker, "Bounded-Variable Least-Squares", 1995): go towards the best of the free parameters until one meets a bound and is
    // held there; when none does, free the held one that pulls most into its bounds.
    static double[] Step(double[] now, Matrix<double> jacobian, double[] at, double[] low, double[] high)
    {
        var next = (double[])at.Clone();
        var free = Enumerable.Range(0, at.Length).ToList();
        for (var pass = 0; pass < MostSteps * at.Length; pass++)
        {
            var best = Best(now, jacobian, at, next, free);
            var (length, met) = Reach(next, best, free, low, high);
            for (var i = 0; i < free.Count; i++) next[free[i]] += length * (best[i] - next[free[i]]);
            if (met is { } bound)
            {
                next[bound] = Math.Abs(next[bound] - low[bound]) < Math.Abs(next[bound] - high[bound]) ? low[bound] : high[bound];
                free.Remove(bound);
                continue;
            }
            if (Pulled(now, jacobian, at, next, free, low) is not { } pulled) break;
            free.Add(pulled);
        }
        return next;
    }

    // Where the free parameters would go without bounds, the others staying where they are.
    static double[] Best(double[] now, Matrix<double> jacobian, double[] at, double[] next, List<int> free)
    {
        if (free.Count == 0) return [];
        var moves = Vector<double>.Build.Dense(at.Length, i => free.Contains(i) ? 0 : next[i] - at[i]);
        var move = Solve(Matrix<double>.Build.DenseOfColumnVectors(free.Select(jacobian.Column)), -(Vector<double>.Build.DenseOfArray(now) + jacobian * moves));
        return [.. free.Select((i, k) => at[i] + move[k])];
    }

    // How much of the way there is within the bounds, and which parameter stops it.
    static (double Length, int? Met) Reach(double[] next, double[] best, List<int> free, double[] low, double[] high)
    {
        var (length, met) = (1.0, (int?)null);
        for (var k = 0; k < free.Count; k++)
        {
            var (i, way) = (free[k], best[k] - next[free[k]]);
            var room = way < 0 ? low[i] - next[i] : high[i] - next[i];
            if (Math.Abs(way) <= Math.Abs(room) || room / way >= length) continue;
            (length, met) = (room / way, i);
        }
        return (length, met);
    }

    static int? Pulled(double[] now, Matrix<double> jacobian, double[] at, double[] next, List<int> free, double[] low)
    {
        var moves = Vector<double>.Build.Dense(at.Length, i => next[i] - at[i]);
        var gradient = jacobian.TransposeThisAndMultiply(Vector<double>.Build.DenseOfArray(now) + jacobian * moves);
        var inwards = Enumerable.Range(0, at.Length).Except(free).Select(i => (Index: i, Pull: next[i] == low[i] ? -gradient[i] : gradient[i])).ToList();
        return inwards.Count == 0 || inwards.Max(one => one.Pull) <= Negligible ? null : inwards.MaxBy(one => one.Pull).Index;
    }

    // The shortest of the best moves where several are equally good.
    static Vector<double> Solve(Matrix<double> matrix, Vector<double> right) => matrix.PseudoInverse() * right;

    static Matrix<double> Jacobian(Func<double[], double[]> residuals, double[] at, double[] now, double[] low, double[] high)
    {
        var jacobian = Matrix<double>.Build.Dense(now.Length, at.Length);
        for (var i = 0; i < at.Length; i++)
        {
            var probe = (double[])at.Clone();
            var width = Probe * (high[i] - low[i]);
            probe[i] += at[i] + width <= high[i] ? width : -width;
            var there = residuals(probe);
            for (var k = 0; k < now.Length; k++) jacobian[k, i] = (there[k] - now[k]) / (probe[i] - at[i]);
        }
        return jacobian;
    }
}
