using CsCheck;
using UnderBridge.Sim.Charts;

namespace UnderBridge.Sim.Tests;

public class SpreadTests
{
    [Test]
    public void Labels_with_room_stay_where_they_are() => Assert.That(Spread.Apart([10, 30, 60], 12, 100), Is.EqualTo(new float[] { 10, 30, 60 }));

    [Test]
    public void Labels_without_room_move_on() => Assert.That(Spread.Apart([10, 11, 12], 5, 100), Is.EqualTo(new float[] { 10, 15, 20 }));

    [Test]
    public void The_last_label_stays_below_the_limit() => Assert.That(Spread.Apart([90, 97, 99], 5, 100), Is.EqualTo(new float[] { 90, 95, 100 }));

    [Test]
    public void Neighbours_never_come_closer_than_the_gap() =>
        Gen.Float[0, 100].Array[0, 12].Sample(positions =>
        {
            var moved = Spread.Apart([.. positions.Order()], 7, 100);
            return moved.Zip(moved.Skip(1)).All(pair => pair.Second - pair.First > 6.999f) && moved.All(position => position <= 100);
        });
}
