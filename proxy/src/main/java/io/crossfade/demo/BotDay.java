package io.crossfade.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * An endless sequence of requests in the bot's proportions: runs of the booking monitor, with a chat message or some
 * synchronisation now and then. The same seed gives the same sequence, times in the bodies apart.
 */
final class BotDay {
    private static final int BOOKINGS = 38;
    private static final int BOOKINGS_BETWEEN = 5;
    private static final int CLIENTS = 1_299;
    private static final List<String> WORDS =
            List.of("Здравствуйте!", "Можно завтра после 18?", "К Бари, пожалуйста", "Отмените запись", "Спасибо 🙏");
    private static final List<String> NAMES = List.of("Анна", "Сергей О’Коннор", "Мария \"Маша\"", "Зоя Ким");

    private final Random random;
    private final Deque<BotRequest> coming = new ArrayDeque<>();
    private int booking;

    BotDay(long seed) {
        this.random = new Random(seed);
    }

    BotRequest next() {
        while (coming.isEmpty()) {
            monitor();
        }
        return coming.remove();
    }

    private void monitor() {
        booking = booking % BOOKINGS + 1;
        int recordId = 1_430_000_000 + booking * 37;
        coming.add(BotCalls.booking(recordId));
        coming.add(BotCalls.bookingSeen(recordId));
        if (random.nextInt(3) > 0) {
            coming.add(BotCalls.notifications(recordId));
        }
        if (random.nextInt(3) == 0) {
            coming.add(BotCalls.reminders(recordId));
        }
        if (booking == BOOKINGS) {
            coming.add(BotCalls.oldBookingsGone());
        }
        if (booking % BOOKINGS_BETWEEN == 0) {
            somethingElse();
        }
    }

    private void somethingElse() {
        switch (random.nextInt(6)) {
            case 0, 1, 2 -> chat();
            case 3 -> clientSync();
            case 4 -> keySync();
            default -> health();
        }
    }

    private void chat() {
        // Some are strangers, whom neither table knows yet.
        String phone = phone(random.nextInt(8) == 0 ? CLIENTS + 1 + random.nextInt(50) : client());
        coming.add(BotCalls.company());
        coming.add(BotCalls.clientByPhone(phone));
        coming.add(BotCalls.services());
        coming.add(BotCalls.staff());
        coming.add(BotCalls.schedules());
        coming.add(BotCalls.dialog(phone));
        coming.add(BotCalls.dialogSaved(phone, any(WORDS)));
    }

    private void clientSync() {
        for (int i = 0; i < 3; i++) {
            int number = client();
            coming.add(BotCalls.clientSynced(number, any(NAMES), phone(number)));
        }
        coming.add(BotCalls.syncRecorded("clients", CLIENTS));
    }

    private void keySync() {
        int first = random.nextInt(700);
        List<String> ids =
                IntStream.range(first, first + 10).mapToObj(String::valueOf).toList();
        coming.add(BotCalls.keys(ids));
        coming.add(BotCalls.keysSaved(ids, random.nextInt(1_000)));
    }

    private void health() {
        coming.add(BotCalls.keysCounted());
        coming.add(BotRequest.function("get_whatsapp_auth_stats"));
        coming.add(BotRequest.read("companies", "select", "company_id", "limit", "1"));
    }

    private int client() {
        return 1 + random.nextInt(CLIENTS);
    }

    private static String phone(long client) {
        return "79%09d".formatted(client * 7_654_321 % 1_000_000_000);
    }

    private String any(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
