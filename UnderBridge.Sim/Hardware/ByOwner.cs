namespace UnderBridge.Sim.Hardware;

/// <summary>Something for each of some owners, by index + 1.</summary>
sealed class ByOwner<T> where T : class
{
    T?[] all = [];

    public T? this[int who]
    {
        get => who < all.Length ? all[who] : null;
        set
        {
            if (who >= all.Length) Array.Resize(ref all, who + 1);
            all[who] = value;
        }
    }
}
