package io.crossfade.bench;

import io.crossfade.demo.BotRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;

/** A call of the bot, as the request it sends and as the statement that answers it. */
public enum BenchCase {
    ONE_ROW("read one row", "SELECT * FROM clients WHERE id = $1") {
        @Override
        BotRequest request(int worker, int turn) {
            return BotRequest.readOne("clients", "select", "*", "id", "eq." + client(worker, turn));
        }

        @Override
        Tuple parameters(int worker, int turn) {
            return Tuple.of(client(worker, turn));
        }
    },
    HUNDRED_ROWS("read 100 rows", "SELECT * FROM clients ORDER BY id LIMIT $1") {
        @Override
        BotRequest request(int worker, int turn) {
            return firstClients(100);
        }

        @Override
        Tuple parameters(int worker, int turn) {
            return Tuple.of(100L);
        }
    },
    THOUSAND_ROWS("read 1,000 rows", "SELECT * FROM clients ORDER BY id LIMIT $1") {
        @Override
        BotRequest request(int worker, int turn) {
            return firstClients(1_000);
        }

        @Override
        Tuple parameters(int worker, int turn) {
            return Tuple.of(1_000L);
        }
    },
    UPSERT_ONE("upsert one row") {
        @Override
        BotRequest request(int worker, int turn) {
            return BotRequest.upsert("whatsapp_keys", key(worker, turn).encode(), "on_conflict", KEY);
        }

        @Override
        Tuple parameters(int worker, int turn) {
            return Tuple.of(new JsonArray().add(key(worker, turn)).encode());
        }
    },
    UPSERT_HUNDRED("upsert 100 rows") {
        @Override
        BotRequest request(int worker, int turn) {
            return upsertKeys(worker, 100);
        }

        @Override
        Tuple parameters(int worker, int turn) {
            return Tuple.of(keys(worker, 100).encode());
        }
    },
    UPSERT_FIVE_HUNDRED("upsert 500 rows") {
        @Override
        BotRequest request(int worker, int turn) {
            return upsertKeys(worker, 500);
        }

        @Override
        Tuple parameters(int worker, int turn) {
            return Tuple.of(keys(worker, 500).encode());
        }
    };

    private static final int CLIENTS = 1_299;
    private static final int KEYS = 500;
    private static final String KEY = "company_id,key_type,key_id";
    private static final String COLUMNS = "\"company_id\",\"key_type\",\"key_id\",\"value\",\"updated_at\"";
    private final String title;
    private final String sql;

    /** A read; the database makes the JSON, as it does behind the proxy. */
    BenchCase(String title, String rows) {
        this.title = title;
        this.sql = "SELECT convert_to(coalesce(json_agg(t)::text, '[]'), 'UTF8') FROM (" + rows + ") t";
    }

    /** An upsert of WhatsApp keys. */
    BenchCase(String title) {
        this.title = title;
        this.sql = upsert();
    }

    // A method, because the constants are made before any static field has its value.
    private static String upsert() {
        return """
            INSERT INTO whatsapp_keys (company_id, key_type, key_id, value, updated_at)
            SELECT company_id, key_type, key_id, value, updated_at
            FROM json_to_recordset($1::text::json)
              AS rows (company_id text, key_type text, key_id text, value jsonb, updated_at timestamptz)
            ON CONFLICT (company_id, key_type, key_id)
            DO UPDATE SET value = EXCLUDED.value, updated_at = EXCLUDED.updated_at
            """;
    }

    public String title() {
        return title;
    }

    String sql() {
        return sql;
    }

    abstract BotRequest request(int worker, int turn);

    abstract Tuple parameters(int worker, int turn);

    private static BotRequest firstClients(int rows) {
        return BotRequest.read("clients", "select", "*", "order", "id.asc", "limit", String.valueOf(rows));
    }

    private static long client(int worker, int turn) {
        return 1 + (worker * 97L + turn) % CLIENTS;
    }

    private static JsonObject key(int worker, int turn) {
        return new JsonObject()
                .put("company_id", "bench")
                .put("key_type", "worker-" + worker)
                .put("key_id", String.valueOf(turn % KEYS))
                .put("value", new JsonObject().put("counter", turn).put("private", "5vS2mXQy0uM3x1T9bB7hXg=="))
                .put("updated_at", "2026-11-22T09:00:00.000Z");
    }

    private static BotRequest upsertKeys(int worker, int rows) {
        return BotRequest.upsert("whatsapp_keys", keys(worker, rows).encode(), "on_conflict", KEY, "columns", COLUMNS);
    }

    private static JsonArray keys(int worker, int rows) {
        JsonArray keys = new JsonArray();
        for (int turn = 0; turn < rows; turn++) {
            keys.add(key(worker, turn));
        }
        return keys;
    }
}
