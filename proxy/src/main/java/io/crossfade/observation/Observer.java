package io.crossfade.observation;

import java.util.List;

/**
 * Listens to observations. Called on whatever thread the observation was made, often an event loop: a listener neither
 * blocks nor throws.
 */
@FunctionalInterface
public interface Observer {
    void observe(Observation observation);

    /** Tells each of the observers in turn. */
    static Observer all(List<Observer> observers) {
        List<Observer> listeners = List.copyOf(observers);
        return observation -> listeners.forEach(listener -> listener.observe(observation));
    }
}
