using System.Diagnostics.CodeAnalysis;

namespace UnderBridge.Sim.Engine;

/// <summary>Objects to be used again. They keep their places when they are taken, so that giving one back mostly writes nothing.</summary>
sealed class Spares<T>
    where T : class
{
    T?[] places = new T?[4];
    int count;

    public bool TryPop([MaybeNullWhen(false)] out T spare)
    {
        if (count == 0)
        {
            spare = null;
            return false;
        }
        spare = places[--count]!;
        return true;
    }

    public void Push(T spare)
    {
        if (count == places.Length) Array.Resize(ref places, 2 * count);
        if (places[count] != spare) places[count] = spare;
        count++;
    }
}
