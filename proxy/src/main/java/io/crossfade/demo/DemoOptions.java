package io.crossfade.demo;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the user may choose about a demo.
 *
 * @param port of the REST front door; 0 for any free one
 * @param adminPort of the admin front door; 0 for any free one
 * @param dataDir where the databases are kept; null for a temporary place
 * @param callsPerSecond of the traffic; 0 for none
 */
public record DemoOptions(int port, int adminPort, @Nullable Path dataDir, double callsPerSecond) {}
