package io.crossfade.crash;

import io.crossfade.testing.CopiedSlices;
import io.crossfade.testing.ProxyProcess;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TcpRelay.Direction;
import java.util.Random;
import java.util.function.LongSupplier;

/** What may happen to two proxies, two servers and the wires between them. When it returns, everything is there again. */
final class Faults {
    /** One kind of mishap. */
    enum Kind {
        NOTHING,
        A_PROXY_IS_KILLED,
        LEGACY_CRASHES,
        TARGET_CRASHES,
        BOTH_CRASH,
        THE_WIRE_TO_LEGACY_IS_CUT,
        THE_WIRE_TO_TARGET_IS_CUT,
        THE_WIRE_TO_LEGACY_IS_SILENT,
        THE_WIRE_TO_TARGET_IS_SILENT,
        THE_WIRE_TO_LEGACY_IS_SLOW,
        THE_WIRE_TO_TARGET_IS_SLOW,
        THE_WIRE_TO_LEGACY_BREAKS_IN_A_MESSAGE,
        THE_WIRE_TO_TARGET_BREAKS_IN_A_MESSAGE,
        A_PROXY_SLEEPS
    }

    private final CrashRig rig;
    private final Random random;
    private final LongSupplier acknowledged;
    private final ProxyProcess[] proxies = new ProxyProcess[2];
    private volatile int serving;

    Faults(CrashRig rig, Random random, LongSupplier acknowledged) {
        this.rig = rig;
        this.random = random;
        this.acknowledged = acknowledged;
        // Who comes first leads, and has slices so small that most of a backlog goes by COPY.
        proxies[0] = rig.proxy(CopiedSlices.small());
        proxies[1] = rig.proxy();
    }

    /** A proxy that is not to be touched now. */
    synchronized RestClient rest() {
        return proxies[serving].rest();
    }

    /** Makes it happen in the middle of the load. */
    void happen(Kind kind) {
        switch (kind) {
            case NOTHING -> progress();
            case A_PROXY_IS_KILLED -> kill();
            case LEGACY_CRASHES -> rig.crash(rig.legacyServer, () -> {});
            case TARGET_CRASHES -> rig.crash(rig.targetServer, this::progress);
            case BOTH_CRASH -> rig.crash(rig.targetServer, () -> rig.crash(rig.legacyServer, () -> {}));
            case THE_WIRE_TO_LEGACY_IS_CUT -> cut(rig.legacyWire);
            case THE_WIRE_TO_TARGET_IS_CUT -> cut(rig.targetWire);
            case THE_WIRE_TO_LEGACY_IS_SILENT -> silence(rig.legacyWire);
            case THE_WIRE_TO_TARGET_IS_SILENT -> silence(rig.targetWire);
            case THE_WIRE_TO_LEGACY_IS_SLOW -> slow(rig.legacyWire);
            case THE_WIRE_TO_TARGET_IS_SLOW -> slow(rig.targetWire);
            case THE_WIRE_TO_LEGACY_BREAKS_IN_A_MESSAGE -> breaks(rig.legacyWire);
            case THE_WIRE_TO_TARGET_BREAKS_IN_A_MESSAGE -> breaks(rig.targetWire);
            case A_PROXY_SLEEPS -> sleep();
        }
    }

    private void kill() {
        int which = random.nextInt(2);
        serve(1 - which);
        proxies[which].kill();
        ProxyProcess successor = random.nextBoolean() ? rig.proxy(CopiedSlices.small()) : rig.proxy();
        synchronized (this) {
            proxies[which] = successor;
        }
    }

    private void sleep() {
        int which = random.nextInt(2);
        serve(1 - which);
        proxies[which].pause();
        progress();
        proxies[which].resume();
    }

    private void cut(TcpRelay wire) {
        wire.cut();
        progress();
        wire.restore();
    }

    /** What was sent meanwhile is gone for good, and so is the connection. */
    private void silence(TcpRelay wire) {
        wire.silence();
        progress();
        wire.sever();
        wire.restore();
    }

    private void slow(TcpRelay wire) {
        wire.hold();
        CrashRig.await("something waits in the wire", wire::isHolding);
        progress();
        wire.release();
    }

    /** At any byte of what a batch sends or is answered. */
    private void breaks(TcpRelay wire) {
        Direction direction = random.nextBoolean() ? Direction.TO_DATABASE : Direction.FROM_DATABASE;
        wire.severAfter(direction, 1 + random.nextInt(20_000));
        CrashRig.await("the wire broke", wire::isWhole);
    }

    private synchronized void serve(int which) {
        serving = which;
    }

    /** Callers of the other proxy, and those that need none, get on; a few more writes come in between. */
    private void progress() {
        long before = acknowledged.getAsLong();
        long more = 5L + random.nextInt(30);
        CrashRig.await("callers get on", () -> acknowledged.getAsLong() >= before + more);
    }
}
