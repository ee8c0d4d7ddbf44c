package io.crossfade.testing;

import io.vertx.pgclient.PgConnectOptions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/** A real PostgreSQL server that lives as long as the JVM; every test class gets databases of its own from it. */
public final class PostgresServer {
    private final String host;
    private final int port;
    private final String user;
    private final String password;
    private final Map<List<String>, String> templates = new HashMap<>();
    private final AtomicInteger databases = new AtomicInteger();

    PostgresServer(String host, int port, String user, String password) {
        this.host = host;
        this.port = port;
        this.user = user;
        this.password = password;
    }

    /**
     * A new database in which these scripts ran. The scripts run once per server: further databases with the same
     * scripts are copies of a template.
     */
    public TestDatabase database(List<String> scripts) {
        String name = "test_" + databases.incrementAndGet();
        execute("CREATE DATABASE " + name + " TEMPLATE " + template(scripts));
        return new TestDatabase(this, name);
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    public String user() {
        return user;
    }

    public String password() {
        return password;
    }

    /** Where a database of this server is, for the proxy. */
    public PgConnectOptions connectOptions(String database) {
        return new PgConnectOptions()
                .setHost(host)
                .setPort(port)
                .setDatabase(database)
                .setUser(user)
                .setPassword(password);
    }

    /** Such as 15. */
    public long majorVersion() {
        try (Connection connection = connect("postgres")) {
            return connection.getMetaData().getDatabaseMajorVersion();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Connection connect(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/" + database, properties);
    }

    void execute(String sql) {
        try (Connection connection = connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private synchronized String template(List<String> scripts) {
        return templates.computeIfAbsent(scripts, ignored -> {
            String name = "template_" + templates.size();
            execute("CREATE DATABASE " + name);
            TestDatabase template = new TestDatabase(this, name);
            scripts.forEach(template::execute);
            template.close();
            return name;
        });
    }
}
