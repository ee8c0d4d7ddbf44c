package io.crossfade.shadow.install;

import io.crossfade.testing.CanIgnoreReturnValue;
import io.vertx.pgclient.PgConnectOptions;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;

/**
 * The least that acts as a transaction pooler: it gives each transaction of a client to the server session that was given
 * back last. Knows logins by trust only.
 */
final class TransactionPooler implements AutoCloseable {
    private final PgConnectOptions database;
    private final ServerSocket door;
    private final BlockingDeque<Socket> idle = new LinkedBlockingDeque<>();
    private volatile byte[] greeting = new byte[0];

    private TransactionPooler(PgConnectOptions database, ServerSocket door) {
        this.database = database;
        this.door = door;
    }

    static TransactionPooler open(PgConnectOptions database, int sessions) throws IOException {
        TransactionPooler pooler =
                new TransactionPooler(database, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        for (int i = 0; i < sessions; i++) {
            pooler.idle.push(pooler.login());
        }
        start(pooler::accept);
        return pooler;
    }

    PgConnectOptions connectOptions() {
        return new PgConnectOptions(database).setHost("127.0.0.1").setPort(door.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket session : idle) {
            session.close();
        }
    }

    private void accept() throws IOException, InterruptedException {
        while (!door.isClosed()) {
            Socket client = door.accept();
            start(() -> serve(client));
        }
    }

    private Socket login() throws IOException {
        Socket server = new Socket(database.getHost(), database.getPort());
        String parameters = "user\0" + database.getUser() + "\0database\0" + database.getDatabase() + "\0\0";
        DataOutputStream out = new DataOutputStream(server.getOutputStream());
        out.writeInt(8 + parameters.length());
        out.writeInt(196608);
        out.write(parameters.getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        answer(server, new DataOutputStream(said));
        greeting = said.toByteArray();
        return server;
    }

    private void serve(Socket client) throws IOException, InterruptedException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        in.readNBytes(in.readInt() - 4);
        out.write(greeting);
        Socket session = null;
        try {
            for (int type = in.read(); type >= 0 && type != 'X'; type = in.read()) {
                byte[] body = in.readNBytes(in.readInt() - 4);
                session = session == null ? idle.take() : session;
                DataOutputStream server = new DataOutputStream(session.getOutputStream());
                server.write(type);
                server.writeInt(body.length + 4);
                server.write(body);
                if ((type == 'Q' || type == 'S') && answer(session, out) == 'I') {
                    idle.push(session);
                    session = null;
                }
            }
        } finally {
            client.close();
            if (session != null) {
                session.close();
            }
        }
    }

    /** Passes on what the server says until it is ready again; gives the state of its transaction. */
    @CanIgnoreReturnValue
    private static int answer(Socket server, DataOutputStream out) throws IOException {
        DataInputStream in = new DataInputStream(server.getInputStream());
        while (true) {
            int type = in.readUnsignedByte();
            byte[] body = in.readNBytes(in.readInt() - 4);
            out.write(type);
            out.writeInt(body.length + 4);
            out.write(body);
            if (type == 'Z') {
                out.flush();
                return body[0];
            }
        }
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException | InterruptedException closed) {
                        Thread.currentThread().interrupt();
                    }
                },
                "pooler");
        thread.setDaemon(true);
        thread.start();
    }

    /** What a thread of it does until its socket is closed. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }
}
