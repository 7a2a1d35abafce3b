namespace UnderBridge.Sim.Reports;

/// <summary>One number of a study, as results.csv and results.json carry it.</summary>
/// <param name="System">Which design, such as <c>underbridge</c>.</param>
/// <param name="Base">The kernel it is ported to, or empty.</param>
/// <param name="Variant">Such as <c>kpti</c> or <c>no-kpti</c>, or empty.</param>
/// <param name="Point">Where in a variation, or empty.</param>
/// <param name="Metric">What is measured, such as <c>round-trip</c>.</param>
/// <param name="Unit">The unit of every number of the row.</param>
/// <param name="Value">The result.</param>
/// <param name="Low">Lower bound of the 95 % interval, if any.</param>
/// <param name="High">Upper bound of the 95 % interval, if any.</param>
/// <param name="RangeLow">Least value over the assumed ranges of the inputs, if any.</param>
/// <param name="RangeHigh">Greatest value over the assumed ranges of the inputs, if any.</param>
/// <param name="Published">What the literature reports, if anything.</param>
/// <param name="Status">What the row is worth as evidence: <c>input</c>, <c>fitted</c>, <c>assumed</c> or <c>predicted</c>; <c>too-short</c> where the runs are too short to tell; empty where it claims nothing.</param>
public sealed record ResultRow(
    string System, string Base, string Variant, string Point, string Metric, string Unit, double Value,
    double? Low = null, double? High = null, double? RangeLow = null, double? RangeHigh = null, double? Published = null, string Status = "");
