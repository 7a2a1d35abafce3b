using UnderBridge.Sim.Containment;
using UnderBridge.Sim.Studies;

namespace UnderBridge.Sim.Reports;

/// <summary>Audits as tables.</summary>
static class AuditTables
{
    /// <summary>A row for each actor that may be compromised, a column for each victim.</summary>
    public static Table Harms(SystemAudit audit)
    {
        var harms = audit.Harms;
        return new Table("What a compromised principal can do to another: r learns (m: by Meltdown), w changes, s stops it",
            [new("principal"), .. harms.Victims.Select(to => new Column(to.Name))],
            [.. harms.Actors.Select(by => (IReadOnlyList<string>)[by.Name, .. harms.Victims.Select(to => to == by ? "" : Text(harms[by, to]))])]);
    }

    /// <summary>As <c>rw-</c>.</summary>
    public static string Text(Harm harm) => $"{(harm.HasFlag(Harm.Read) ? 'r' : harm.HasFlag(Harm.Leak) ? 'm' : '-')}{(harm.HasFlag(Harm.Write) ? 'w' : '-')}{(harm.HasFlag(Harm.Stop) ? 's' : '-')}";
}
