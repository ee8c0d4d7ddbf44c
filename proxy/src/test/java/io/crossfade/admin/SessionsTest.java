package io.crossfade.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.admin.Sessions.Session;
import io.crossfade.settings.OperatorSettings.Role;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long somebody stays signed in. */
class SessionsTest {
    private static final Operator ANNA = new Operator("anna", Role.OPERATOR);

    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Sessions sessions = new Sessions(now::get);

    @Test
    void aSessionEndsAfterTwelveHours() {
        Session session = sessions.begin(ANNA);
        now.addAndGet(TimeUnit.HOURS.toNanos(12) - 1);
        assertThat(sessions.find(session.id())).contains(session);
        now.incrementAndGet();
        assertThat(sessions.find(session.id())).isEmpty();
    }

    @Test
    void aSessionEndsWithTheSignOutAndTheOthersStay() {
        Session one = sessions.begin(ANNA);
        Session other = sessions.begin(ANNA);
        sessions.end(one);
        assertThat(sessions.find(one.id())).isEmpty();
        assertThat(sessions.find(other.id())).contains(other);
    }

    @Test
    void theOldestEndsWhereThereAreTooMany() {
        Session first = sessions.begin(ANNA);
        Session second = sessions.begin(ANNA);
        for (int i = 0; i < Sessions.MOST - 1; i++) {
            var unused = sessions.begin(ANNA);
        }
        assertThat(sessions.find(first.id())).isEmpty();
        assertThat(sessions.find(second.id())).contains(second);
    }

    @Test
    void noTwoSecretsAreAlikeAndEachHas256Bits() {
        Session one = sessions.begin(ANNA);
        Session other = sessions.begin(ANNA);
        assertThat(one.id()).matches("[0-9a-f]{64}").isNotEqualTo(other.id()).isNotEqualTo(one.csrf());
        assertThat(one.csrf()).matches("[0-9a-f]{64}").isNotEqualTo(other.csrf());
    }
}
