package io.crossfade.shadow.replay;

/** The same where every row goes by COPY. */
class CopiedWritesTest extends ReplayedWritesTest {
    @Override
    ReplaySettings settings() {
        return ReplayFixture.SETTINGS.withSliceKeys(1).withCopyKeys(3);
    }
}
