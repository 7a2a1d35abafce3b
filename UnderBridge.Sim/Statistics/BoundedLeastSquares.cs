using MathNet.Numerics.LinearAlgebra;

namespace UnderBridge.Sim.Statistics;

/// <summary>
/// Parameters within bounds that make the squares of residuals least: Gauss-Newton with a numerical Jacobian, projected on the bounds. Each step solves the linear problem for the parameters
/// that no bound holds. Residuals that are linear in the parameters, as cycles are in prices, take one step and one to see it.
/// </summary>
public static class BoundedLeastSquares
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

    // The linear problem within the bounds: parameters that leave them are held there, one after the other, and the rest solved again.
    static double[] Step(double[] now, Matrix<double> jacobian, double[] at, double[] low, double[] high)
    {
        var next = (double[])at.Clone();
        var free = Enumerable.Range(0, at.Length).ToList();
        while (free.Count > 0)
        {
            var held = Enumerable.Range(0, at.Length).Except(free).ToList();
            var rest = Vector<double>.Build.DenseOfArray(now);
            foreach (var i in held) rest += jacobian.Column(i) * (next[i] - at[i]);
            var move = Solve(Matrix<double>.Build.DenseOfColumnVectors(free.Select(jacobian.Column)), -rest);
            for (var i = 0; i < free.Count; i++) next[free[i]] = at[free[i]] + move[i];
            var outside = free.FindAll(i => next[i] < low[i] || next[i] > high[i]);
            if (outside.Count == 0) break;
            foreach (var i in outside) next[i] = Math.Clamp(next[i], low[i], high[i]);
            free = [.. free.Except(outside)];
        }
        return next;
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
