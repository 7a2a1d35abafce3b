namespace UnderBridge.Sim.Hardware;

/// <summary>What the core may touch.</summary>
public sealed partial class Core
{
    /// <summary>Which rule an access to a page of a region would break now (Intel SDM vol. 3, 4.6).</summary>
    internal ProtectionRule Check(Region region, Access access, int page = 0)
    {
        var translation = region.Translation(spaceTag);
        if (translation == 0) return ProtectionRule.NotMapped;
        if (region.StaleTranslations != 0 && stale.Of(region, page, Math.Abs(translation), access == Access.Fetch) is { } rights) return CheckRights(rights, access);
        return translation > 0 ? CheckRights(region.Rights, access) : ProtectionRule.NotMapped;
    }

    ProtectionRule CheckRights(in PageRights page, Access access)
    {
        // The secure monitor maps its memory by itself.
        if (Ring == Ring.Root) return ProtectionRule.Allowed;
        var user = Ring == Ring.User;
        if (user && !page.UserAccessible) return ProtectionRule.Supervisor;
        if (access == Access.Fetch) return CheckFetch(page, user);
        if (!user && page.UserAccessible && !Ac && Has(Control.Smap)) return ProtectionRule.Smap;
        var bindsWrites = user || Has(Control.Wp);
        if (access == Access.Write && !page.Writable && bindsWrites) return ProtectionRule.ReadOnly;
        // Keys of PKU guard user-accessible pages in every ring, those of PKS the others.
        if (!Has(page.UserAccessible ? Control.Pke : Control.Pks)) return ProtectionRule.Allowed;
        if (Pkru.DeniesAccess(PkruValue, page.Key)) return ProtectionRule.KeyAccess;
        if (access == Access.Write && bindsWrites && Pkru.DeniesWrites(PkruValue, page.Key)) return ProtectionRule.KeyWrite;
        return ProtectionRule.Allowed;
    }

    // Fetches know neither keys nor SMAP.
    ProtectionRule CheckFetch(in PageRights page, bool user)
    {
        if (!user && page.UserAccessible && Has(Control.Smep)) return ProtectionRule.Smep;
        return page.Executable ? ProtectionRule.Allowed : ProtectionRule.NoExecute;
    }

    // A fault drops the entry that caused it, so an access that only old rights forbid succeeds when it is tried again.
    ProtectionRule CheckAgain(Region region, Access access, int page)
    {
        var first = Math.Abs(region.Translation(spaceTag));
        if (first != 0) tlbs.Invalidate(region.FirstPage + page, first + page, region.PageSize, who);
        return Check(region, access, page);
    }
}
