package io.crossfade.settings;

/** Checks what only the front doors together can get wrong: a shared port, a door open to the world without a lock. */
final class FrontDoorCheck {
    private FrontDoorCheck() {}

    static void check(
            Section restSection,
            RestSettings rest,
            Section adminSection,
            AdminSettings admin,
            boolean adminConfigured) {
        if (rest.port() == admin.port() && rest.port() != 0) {
            Section named = adminSection.holds("port") ? adminSection : restSection;
            named.report(
                    "port",
                    "is " + rest.port() + ", the same for the REST and the admin front door; change rest.port"
                            + " (CROSSFADE_REST_PORT) or admin.port (CROSSFADE_ADMIN_PORT)");
        }
        if (!isLoopback(rest.host()) && rest.serviceKeys().isEmpty()) {
            restSection.report(
                    "host",
                    "is not a loopback address, so rest.serviceKeys (or CROSSFADE_SERVICE_KEY) must be set: without"
                            + " keys anyone on the network could read and write; or use " + AdminSettings.HOST);
        }
        if (!isLoopback(admin.host()) && !adminConfigured) {
            adminSection.report(
                    "host",
                    "is not a loopback address, so admin.operators or admin.token (or CROSSFADE_ADMIN_TOKEN)"
                            + " must be set; or use "
                            + AdminSettings.HOST);
        }
    }

    /** Without asking a name server: any name but localhost may be somewhere else tomorrow. */
    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }
}
