package io.crossfade.cutover.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One state of the whole system. Tasks and replayers are sorted: instances are alike, and who is who does not
 * matter.
 */
record World(Database a, Database b, List<Task> tasks, List<Client> clients, List<Replayer> replayers, Budget budget) {
    static World start(int instances, int writes, int replayers, Budget budget) {
        Row row = new Row(1, Side.A, false);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < writes; i++) {
            clients.add(new Client(1 << i, Client.Phase.NOT_SENT, Side.A, 1));
        }
        return new World(
                new Database(row, false, null, 0, 0, 0),
                new Database(row, true, null, 0, 0, 0),
                List.copyOf(Collections.nCopies(instances, Task.IDLE)),
                List.copyOf(clients),
                List.copyOf(Collections.nCopies(replayers, Replayer.NONE)),
                budget);
    }

    Database on(Side side) {
        return side == Side.A ? a : b;
    }

    World with(Side side, Database database) {
        return side == Side.A
                ? new World(database, b, tasks, clients, replayers, budget)
                : new World(a, database, tasks, clients, replayers, budget);
    }

    World with(int i, Task task) {
        return new World(a, b, sorted(tasks, i, task), clients, replayers, budget);
    }

    World with(int i, Client client) {
        List<Client> changed = new ArrayList<>(clients);
        changed.set(i, client);
        return new World(a, b, tasks, List.copyOf(changed), replayers, budget);
    }

    World with(int i, Replayer replayer) {
        return new World(a, b, tasks, clients, sorted(replayers, i, replayer), budget);
    }

    World replace(Replayer before, Replayer after) {
        return with(replayers.indexOf(before), after);
    }

    World without(Task task) {
        List<Task> left = new ArrayList<>(tasks);
        left.remove(task);
        return new World(a, b, List.copyOf(left), clients, replayers, budget);
    }

    World spend(Budget left) {
        return new World(a, b, tasks, clients, replayers, left);
    }

    /** Makes every token void that was given out for writing on {@code side}. */
    World raiseTokenOn(Side side) {
        List<Replayer> raised = replayers.stream()
                .map(replayer -> replayer.from() == side.other() ? replayer.voided() : replayer)
                .sorted()
                .toList();
        return new World(a, b, tasks, clients, raised, budget);
    }

    boolean hasWriterOn(Side side) {
        return clients.stream().anyMatch(client -> client.isRunningOn(side));
    }

    int writesThatAre(Client.Phase phase) {
        return clients.stream()
                .filter(client -> client.phase() == phase)
                .mapToInt(Client::write)
                .sum();
    }

    /** One side takes writes, both rows say so, no transaction is open and no write waits. */
    boolean isAtRest() {
        return a.fenced() != b.fenced()
                && a.row().equals(b.row())
                && !a.row().moving()
                && !a.isLocked()
                && !b.isLocked()
                && clients.stream()
                        .noneMatch(client -> client.phase() == Client.Phase.HELD
                                || client.phase() == Client.Phase.SENT
                                || client.phase() == Client.Phase.RUNNING);
    }

    private static <T extends Comparable<T>> List<T> sorted(List<T> all, int i, T changed) {
        List<T> copy = new ArrayList<>(all);
        copy.set(i, changed);
        copy.sort(null);
        return List.copyOf(copy);
    }

    @Override
    public String toString() {
        return "A: " + a + " | B: " + b;
    }
}
