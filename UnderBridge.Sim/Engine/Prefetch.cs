using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace UnderBridge.Sim.Engine;

/// <summary>Asks the processor to bring memory into its caches. Where it cannot be asked, nothing happens.</summary>
static unsafe class Prefetch
{
    const int LineBytes = 64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<T>(ref T place)
    {
        // The collector may move what lies there meanwhile: then the wrong line is fetched, which does no harm.
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref place));
    }

    /// <summary>The first two lines of an object.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Object(object? @object)
    {
        if (@object is null || !Sse.IsSupported) return;
        ref var start = ref Unsafe.As<Fields>(@object).First;
        var first = (byte*)Unsafe.AsPointer(ref start);
        Sse.Prefetch0(first);
        Sse.Prefetch0(first + LineBytes);
    }

    // Stands for any object, to get at where its fields begin.
    sealed class Fields
    {
        public byte First;
    }
}
