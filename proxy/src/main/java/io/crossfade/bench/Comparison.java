package io.crossfade.bench;

/** Both contenders in one case. */
public record Comparison(BenchCase measured, int callers, Measurement straight, Measurement proxied) {
    /** How many calls the proxy serves for each one that goes straight. */
    public double ratio() {
        return straight.perSecond() == 0 ? 0 : proxied.perSecond() / straight.perSecond();
    }
}
