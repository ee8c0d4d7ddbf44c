package io.crossfade.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One HTTP/1.1 connection on which anything can be sent, however wrong; answers must come within a few seconds. */
public final class RawConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    /** An answer; {@code closes} says that the server ends the connection after it. */
    public record Answer(int status, Map<String, String> headers, String body, boolean closes) {}

    public RawConnection(String url) throws IOException {
        URI uri = URI.create(url);
        socket = new Socket(uri.getHost(), uri.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Sends a request whose parts are one byte per character, as they are. */
    public Answer send(String method, String target, String headers, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        String length = body.length > 0 ? "Content-Length: " + body.length + "\r\n" : "";
        String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + length + "\r\n";
        request.write(head.getBytes(StandardCharsets.ISO_8859_1));
        request.write(body);
        try {
            socket.getOutputStream().write(request.toByteArray());
        } catch (IOException refusedWhileSending) {
            // the server may refuse before it has read everything: its answer is what counts
        }
        return read(method);
    }

    /** Sends something that is no whole request, and waits for nothing. */
    public void sendOnly(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The next answer to what was sent, whole or not. */
    public Answer answer() throws IOException {
        return read("POST");
    }

    private Answer read(String method) throws IOException {
        String[] statusLine = line().split(" ", 3);
        int status = Integer.parseInt(statusLine[1]);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(); !header.isEmpty(); header = line()) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        boolean bodiless = method.equals("HEAD") || status == 204;
        byte[] body = new byte[0];
        if (!bodiless && headers.containsKey("Content-Length")) {
            body = in.readNBytes(Integer.parseInt(headers.get("Content-Length")));
        } else if (!bodiless && headers.getOrDefault("Transfer-Encoding", "").contains("chunked")) {
            body = chunks();
        }
        boolean closes =
                headers.getOrDefault("Connection", "").toLowerCase(Locale.ROOT).contains("close");
        return new Answer(status, headers, new String(body, StandardCharsets.UTF_8), closes);
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
            body.write(in.readNBytes(size));
            line();
        }
        line();
        return body.toByteArray();
    }

    @CanIgnoreReturnValue
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("The server closed the connection without an answer; it sent: " + line);
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
