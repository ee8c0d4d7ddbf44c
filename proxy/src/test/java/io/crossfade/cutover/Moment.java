package io.crossfade.cutover;

import io.crossfade.migration.Side;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TcpRelay.Direction;

/**
 * A moment within a move at which whoever drives it can get no further. It is found in what the driver says to the
 * databases, so that no test has to be fast.
 */
enum Moment {
    /** Nothing has happened yet: what comes is the first transaction of the driver's own session on A. */
    ABOUT_TO_FENCE {
        @Override
        void set(TcpRelay near, TcpRelay far) {
            near.whenSeenAfter(Direction.TO_DATABASE, DRIVERS_SESSION, BEGIN, near::hold);
        }
    },
    /** The fence is up on A in a transaction that is open. */
    FENCE_UNCOMMITTED {
        @Override
        void set(TcpRelay near, TcpRelay far) {
            near.whenSeenAfter(Direction.TO_DATABASE, CHANGE, COMMIT, near::hold);
        }
    },
    /** A has committed its fence, and nothing else has happened. */
    FENCED {
        @Override
        void set(TcpRelay near, TcpRelay far) {
            near.whenSeenAfter(Direction.TO_DATABASE, CHANGE, COMMIT, far::hold);
        }

        @Override
        boolean isReached(MoveRig rig, Instance driver, Side from) {
            return driver.wireTo(from).isSeen() && rig.isMoving(from);
        }
    },
    /** A has committed its fence, and its COMMIT was not answered. */
    FENCED_UNTOLD {
        @Override
        void set(TcpRelay near, TcpRelay far) {
            near.whenSeenAfter(Direction.TO_DATABASE, CHANGE, COMMIT, near::silence);
        }

        @Override
        boolean isReached(MoveRig rig, Instance driver, Side from) {
            return driver.wireTo(from).isSeen() && rig.isMoving(from);
        }
    },
    /** B has everything and nothing says so yet: what comes is the first transaction of the driver's own session there. */
    ABOUT_TO_ARRIVE {
        @Override
        void set(TcpRelay near, TcpRelay far) {
            far.whenSeenAfter(Direction.TO_DATABASE, DRIVERS_SESSION, BEGIN, far::hold);
        }

        @Override
        boolean isReached(MoveRig rig, Instance driver, Side from) {
            return isHeld(driver.wireTo(from.other())) && rig.isMoving(from);
        }
    },
    /** B has the authority in a transaction that is open. */
    ARRIVAL_UNCOMMITTED {
        @Override
        void set(TcpRelay near, TcpRelay far) {
            far.whenSeenAfter(Direction.TO_DATABASE, CHANGE, COMMIT, far::hold);
        }

        @Override
        boolean isReached(MoveRig rig, Instance driver, Side from) {
            return isHeld(driver.wireTo(from.other()));
        }
    },
    /** B has the authority, and its COMMIT was not answered. */
    ARRIVED_UNTOLD {
        @Override
        void set(TcpRelay near, TcpRelay far) {
            far.whenSeenAfter(Direction.TO_DATABASE, CHANGE, COMMIT, far::silence);
        }

        @Override
        boolean isReached(MoveRig rig, Instance driver, Side from) {
            return driver.wireTo(from.other()).isSeen() && rig.claims(from.other());
        }
    };

    private static final String CHANGE = "UPDATE crossfade.state";
    private static final String COMMIT = "COMMIT";
    private static final String BEGIN = "BEGIN" + (char) 0;

    /** As it stands in the first message of a session: those that replay have another limit. */
    private static final String DRIVERS_SESSION = "idle_in_transaction_session_timeout" + (char) 0 + "2s";

    /** @param near the driver's wire to A, the side that the authority leaves */
    abstract void set(TcpRelay near, TcpRelay far);

    boolean isReached(MoveRig rig, Instance driver, Side from) {
        return isHeld(driver.wireTo(from));
    }

    private static boolean isHeld(TcpRelay wire) {
        return wire.isSeen() && wire.isHolding();
    }

    /** Has this driver begin to move the authority away from where it is, and waits until it can get no further. */
    String reach(MoveRig rig, Instance driver, Side from) {
        String what = from == Side.LEGACY ? "cutover" : "rollback";
        set(driver.wireTo(from), driver.wireTo(from.other()));
        String[] begun = {""};
        MoveRig.await(what + " by " + driver.name + " is " + this, () -> {
            // It may be refused, or fail because somebody held the tables: an operator would try again.
            if (begun[0].isEmpty() || !isRunning(driver, begun[0])) {
                begun[0] = isReached(rig, driver, from)
                        ? begun[0]
                        : driver.begin(what).orElse("");
            }
            return isReached(rig, driver, from);
        });
        return begun[0];
    }

    private static boolean isRunning(Instance driver, String id) {
        return driver.operation(id).path("state").asText().equals("running");
    }
}
