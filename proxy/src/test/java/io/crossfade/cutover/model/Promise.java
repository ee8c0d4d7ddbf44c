package io.crossfade.cutover.model;

/** What must hold after every move. */
enum Promise {
    /** Never do both sides take writes. */
    ONE_SIDE_TAKES_WRITES {
        @Override
        boolean isKept(World before, World after) {
            return after.a().fenced() || after.b().fenced();
        }
    },
    /** A side takes writes exactly while its own row says so. */
    ROW_AND_FENCE_AGREE {
        @Override
        boolean isKept(World before, World after) {
            return agree(after.a(), Side.A) && agree(after.b(), Side.B);
        }

        private boolean agree(Database database, Side side) {
            return database.row().claims(side) != database.fenced();
        }
    },
    /** A side that takes writes has every write that was acknowledged. */
    ACKNOWLEDGED_IS_ON_THE_AUTHORITY {
        @Override
        boolean isKept(World before, World after) {
            int acknowledged = after.writesThatAre(Client.Phase.ACKNOWLEDGED);
            return has(after.a(), acknowledged) && has(after.b(), acknowledged);
        }

        private boolean has(Database database, int acknowledged) {
            return database.fenced() || (acknowledged & ~database.rows()) == 0;
        }
    },
    /** What the side that takes writes has and the other side has not is in the journal. */
    JOURNALLED_UNTIL_REPLAYED {
        @Override
        boolean isKept(World before, World after) {
            return covered(after.a(), after.b()) && covered(after.b(), after.a());
        }

        private boolean covered(Database authority, Database shadow) {
            return authority.fenced() || (authority.rows() & ~shadow.rows() & ~authority.journal()) == 0;
        }
    },
    /** No row ever loses a write that it had. */
    NO_ROW_GOES_BACK {
        @Override
        boolean isKept(World before, World after) {
            return (before.a().rows() & ~after.a().rows()) == 0
                    && (before.b().rows() & ~after.b().rows()) == 0;
        }
    },
    /** A write that was refused, or has not run yet, is nowhere. */
    REFUSED_IS_ABSENT {
        @Override
        boolean isKept(World before, World after) {
            int outside = after.writesThatAre(Client.Phase.HELD) | after.writesThatAre(Client.Phase.SENT);
            return ((after.a().rows() | after.b().rows()) & outside) == 0;
        }
    },
    /**
     * After a force: what was acknowledged is on the forced side, or still waits on the other one to be listed,
     * or is listed.
     */
    ACKNOWLEDGED_IS_SOMEWHERE {
        @Override
        boolean isKept(World before, World after) {
            int known = known(after.a(), Side.A) | known(after.b(), Side.B);
            return (after.writesThatAre(Client.Phase.ACKNOWLEDGED) & ~known) == 0;
        }

        private int known(Database database, Side side) {
            int rows = database.row().authority() == side ? database.rows() : 0;
            return rows | database.journal() | database.listed();
        }
    },
    /** After a force: the row of the forced side loses nothing. */
    FORCED_ROW_KEEPS_ITS_WRITES {
        @Override
        boolean isKept(World before, World after) {
            return keeps(before.a(), after.a()) && keeps(before.b(), after.b());
        }

        private boolean keeps(Database before, Database after) {
            return before.row().epoch() < Force.EPOCHS || before.fenced() || (before.rows() & ~after.rows()) == 0;
        }
    };

    abstract boolean isKept(World before, World after);
}
