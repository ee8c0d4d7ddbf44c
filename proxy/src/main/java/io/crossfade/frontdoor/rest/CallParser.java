package io.crossfade.frontdoor.rest;

import io.crossfade.call.Answer;
import io.crossfade.call.Answer.Count;
import io.crossfade.call.Call;
import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.Caller;
import io.crossfade.call.Delete;
import io.crossfade.call.Insert;
import io.crossfade.call.Invocation;
import io.crossfade.call.Invocation.Arguments;
import io.crossfade.call.Invocation.TextArguments;
import io.crossfade.call.OnConflict;
import io.crossfade.call.Read;
import io.crossfade.call.Repository;
import io.crossfade.call.Rows;
import io.crossfade.call.Update;
import io.crossfade.settings.RestSettings;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns requests into calls. Pure; what it cannot turn is a {@link CallFailure}. */
final class CallParser {
    private static final String RPC = "rpc";

    private final RestSettings settings;

    CallParser(RestSettings settings) {
        this.settings = settings;
    }

    RestCall parse(RestRequest request) {
        List<String> path = request.path();
        boolean function = path.size() == 2 && path.get(0).equals(RPC);
        if (!function && (path.size() != 1 || path.get(0).isEmpty())) {
            throw new CallFailure(Code.PGRST125, "Invalid path specified in request URL", null, null);
        }
        requireMethod(request.method(), function);
        String schema = schema(request);
        Repository repository = repository(schema, path.get(path.size() - 1));
        return function ? function(request, repository) : relation(request, repository);
    }

    private RestCall relation(RestRequest request, Repository repository) {
        Parameters parameters = new Parameters(request.query(), false);
        Accept accept = Accept.parse(request.headers().get("Accept"));
        Preferences preferences = Preferences.parse(request.headers().getAll("Prefer"));
        Caller caller = caller(request);
        if (request.isRead()) {
            Range range = HttpMethod.GET.equals(request.method())
                    ? Range.parse(request.headers().get("Range"))
                    : Range.ALL;
            Call read = new Read(
                    repository,
                    caller,
                    parameters.query(range, settings.maxRows()),
                    answer(accept, preferences, HttpMethod.GET.equals(request.method())));
            return restCall(request, read, accept, preferences, Set.of("count", "handling"));
        }
        Answer answer = answer(accept, preferences, preferences.returnsRows());
        if (HttpMethod.DELETE.equals(request.method())) {
            Call delete = new Delete(repository, caller, parameters.filters(), parameters.returned(), answer);
            return restCall(
                    request, delete, accept, preferences, Set.of("return", "count", "handling", "max-affected"));
        }
        requireJson(request);
        Rows rows = Payload.rows(request.body(), parameters.columns(), preferences.missingAsDefault());
        if (HttpMethod.PATCH.equals(request.method())) {
            Call update = new Update(repository, caller, rows, parameters.filters(), parameters.returned(), answer);
            return restCall(
                    request,
                    update,
                    accept,
                    preferences,
                    Set.of("missing", "return", "count", "handling", "max-affected"));
        }
        OnConflict onConflict = preferences.resolution() == null
                ? null
                : new OnConflict(parameters.onConflict(), preferences.resolution());
        Call insert =
                new Insert(repository, caller, rows, onConflict, parameters.returned(), answer.affectingAnyNumber());
        return restCall(
                request, insert, accept, preferences, Set.of("resolution", "missing", "return", "count", "handling"));
    }

    private RestCall function(RestRequest request, Repository repository) {
        Parameters parameters = new Parameters(request.query(), request.isRead());
        Accept accept = Accept.parse(request.headers().get("Accept"));
        Preferences preferences = Preferences.parse(request.headers().getAll("Prefer"));
        if (!request.isRead()) {
            requireJson(request);
        }
        Range range = HttpMethod.HEAD.equals(request.method())
                ? Range.ALL
                : Range.parse(request.headers().get("Range"));
        Call invocation = new Invocation(
                repository,
                caller(request),
                arguments(request, parameters),
                parameters.query(range, settings.maxRows()),
                answer(accept, preferences, !HttpMethod.HEAD.equals(request.method())),
                request.isRead());
        return restCall(request, invocation, accept, preferences, Set.of("count", "handling", "max-affected"));
    }

    private static Arguments arguments(RestRequest request, Parameters parameters) {
        if (request.isRead()) {
            return new TextArguments(parameters.arguments());
        }
        return Payload.arguments(request.body(), parameters.columns());
    }

    private RestCall restCall(
            RestRequest request, Call call, Accept accept, Preferences preferences, Set<String> meaningful) {
        boolean profiled = settings.schemas().size() > 1 || request.headers().contains(profileHeader(request));
        String location =
                call instanceof Read ? request.rawPath() + request.query().canonical() : null;
        return new RestCall(
                call,
                request.method(),
                accept,
                location,
                profiled ? call.repository().schema() : null,
                preferences,
                meaningful);
    }

    private static Answer answer(Accept accept, Preferences preferences, boolean body) {
        // An exact count satisfies who would be content with an estimate.
        return new Answer(
                accept.shape(),
                accept.nullsStripped(),
                body,
                preferences.returnsLocation(),
                preferences.count() == Count.NONE ? Count.NONE : Count.EXACT,
                preferences.maxAffected());
    }

    private static Caller caller(RestRequest request) {
        String apiKey = request.headers().get("apikey");
        String identity = request.address() + '#' + Integer.toHexString(apiKey == null ? 0 : apiKey.hashCode());
        return new Caller(request.headers().get("X-Crossfade-Key"), identity);
    }

    private Repository repository(String schema, String relation) {
        return schema.equals(settings.defaultSchema())
                ? Repository.ofDefaultSchema(schema, relation)
                : Repository.ofOtherSchema(schema, relation);
    }

    private String schema(RestRequest request) {
        String schema = request.headers().get(profileHeader(request));
        if (schema == null) {
            return settings.defaultSchema();
        }
        if (!settings.schemas().contains(schema)) {
            throw new CallFailure(
                    Code.PGRST106,
                    "Invalid schema: " + schema,
                    null,
                    "Only the following schemas are exposed: " + String.join(", ", settings.schemas()));
        }
        return schema;
    }

    private static String profileHeader(RestRequest request) {
        return request.isRead() ? "Accept-Profile" : "Content-Profile";
    }

    private static void requireMethod(HttpMethod method, boolean function) {
        boolean read = HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
        if (function && !read && !HttpMethod.POST.equals(method)) {
            throw new CallFailure(Code.PGRST101, "Cannot use the " + method.name() + " method on RPC", null, null);
        }
        if (!Set.of("GET", "HEAD", "POST", "PATCH", "DELETE").contains(method.name())) {
            throw HttpMethod.PUT.equals(method)
                    ? new CallFailure(
                            Code.CF501,
                            "PUT is not supported by this version of Crossfade",
                            null,
                            "Send POST with 'Prefer: resolution=merge-duplicates' and 'on_conflict'.")
                    : new CallFailure(Code.PGRST117, "Unsupported HTTP method: " + method.name(), null, null);
        }
    }

    private static void requireJson(RestRequest request) {
        String type = request.headers().get("Content-Type");
        if (type != null && !mediaType(type).equals("application/json")) {
            throw new CallFailure(Code.PGRST102, "Content-Type not acceptable: " + mediaType(type), null, null);
        }
    }

    private static String mediaType(@Nullable String header) {
        return header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }
}
