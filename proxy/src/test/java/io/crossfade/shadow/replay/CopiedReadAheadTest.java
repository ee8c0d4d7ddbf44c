package io.crossfade.shadow.replay;

/** The same where both slices go by COPY. */
class CopiedReadAheadTest extends ReadAheadTest {
    @Override
    ReplaySettings settings() {
        return ReplayFixture.SETTINGS.withSliceKeys(50).withCopyKeys(100).withWorkers(1);
    }
}
