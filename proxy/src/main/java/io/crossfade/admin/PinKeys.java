package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.audit.AuditLog;
import io.crossfade.migration.Side;
import io.crossfade.rollout.Rollouts;
import io.crossfade.state.Pin;
import io.crossfade.state.Pins;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/pins}, and {@code PUT} and {@code DELETE /api/pins/{key}}: keys whose reads always go to one side. A key may
 * be personal data: a viewer does not see it, and the audit holds what stands for it.
 */
final class PinKeys {
    private static final int LONGEST = 1_000;

    private final Rollouts rollouts;
    private final Optional<Pins> pins;
    private final AuditLog audit;

    PinKeys(Rollouts rollouts, Optional<Pins> pins, AuditLog audit) {
        this.rollouts = rollouts;
        this.pins = pins;
        this.audit = audit;
    }

    void mountOn(Router router) {
        router.get("/api/pins").handler(this::list);
        router.put("/api/pins/:key").handler(JsonBody.reader()).handler(context -> {
            JsonBody body = JsonBody.of(context, "{\"side\":\"target\"}", Set.of("side"));
            decide(context, side(body.text("side")));
        });
        router.delete("/api/pins/:key").handler(context -> decide(context, null));
    }

    private void list(RoutingContext context) {
        var unused = Parameters.of(context);
        boolean seesKeys = Operator.of(context).mayChange();
        Map<String, Pin> decided = pins.map(Pins::current).orElse(Map.of());
        JsonArray views = new JsonArray();
        new TreeMap<>(rollouts.current().pins()).forEach((key, side) -> views.add(view(key, side, decided.get(key), seesKeys)));
        JsonResponse.send(context, new JsonObject().put("pins", views));
    }

    private void decide(RoutingContext context, @Nullable Side side) {
        String key = context.pathParam("key");
        if (key.isEmpty() || key.length() > LONGEST) {
            throw JsonBody.malformed("A key has from 1 to " + LONGEST + " characters");
        }
        Pins known = pins.orElseThrow(() -> new Problem(Kind.REFUSED, "Nothing can be pinned: no target is configured"));
        Map<String, Side> now = rollouts.current().pins();
        if (side == null && !now.containsKey(key)) {
            throw new Problem(Kind.UNKNOWN_PIN, "This key is not pinned");
        }
        if (side != null && !now.containsKey(key) && known.current().size() >= Pins.MOST) {
            throw new Problem(Kind.REFUSED, Pins.MOST + " keys were pinned already: move a share of the reads instead");
        }
        String operator = Operator.of(context).name();
        Audited.first(known.mask(key)
                        .compose(masked -> audit.append(
                                operator,
                                null,
                                side == null ? "unpinned" : "pinned",
                                new JsonObject().put("key", masked).put("side", side == null ? null : side.label()),
                                "")))
                .compose(told -> known.decide(key, side, operator))
                .onSuccess(holds -> {
                    if (holds.side() != side) {
                        context.fail(new Problem(
                                Kind.REFUSED, "Somebody else has decided about this key at the same moment: look again"));
                    } else {
                        JsonResponse.send(context, view(key, side, holds, true));
                    }
                })
                .onFailure(error -> context.fail(
                        error instanceof Problem
                                ? error
                                : new Problem(
                                        Kind.UNAVAILABLE,
                                        "No database could store the pin: nothing was changed, unless its answer"
                                                + " alone was lost. Look again")));
    }

    private static JsonObject view(String key, @Nullable Side side, @Nullable Pin decided, boolean seesKeys) {
        return new JsonObject()
                .put("key", seesKeys ? key : null)
                .put("side", side == null ? null : side.label())
                .put("configured", decided == null)
                .put("changedBy", decided == null ? null : decided.changedBy())
                .put("changedAt", decided == null ? null : decided.changedAt().toInstant().toString());
    }

    private static Side side(@Nullable String label) {
        return Arrays.stream(Side.values())
                .filter(side -> side.label().equals(label))
                .findFirst()
                .orElseThrow(() -> JsonBody.malformed("'side' is legacy or target"));
    }
}
