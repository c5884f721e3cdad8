// WAL, so that people read while the coordinator writes; without waiting for the disk, because a database that a power
// failure has torn is made again from the files.

#include "app/store/database.h"

#include "app/scenario/metric.h"
#include "sim/error/error.h"

#include <system_error>

namespace myriad {
namespace {

constexpr const char* kTables = R"(
DROP VIEW IF EXISTS wide;
DROP TABLE IF EXISTS meta; DROP TABLE IF EXISTS axes; DROP TABLE IF EXISTS axis_values;
DROP TABLE IF EXISTS points; DROP TABLE IF EXISTS metrics; DROP TABLE IF EXISTS results; DROP TABLE IF EXISTS labels;
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE axes(axis INTEGER PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL);
CREATE TABLE axis_values(axis INTEGER NOT NULL, value INTEGER NOT NULL, label TEXT NOT NULL, number REAL,
    overrides TEXT NOT NULL, PRIMARY KEY(axis, value)) WITHOUT ROWID;
CREATE TABLE metrics(metric INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT NOT NULL, better TEXT NOT NULL,
    meaning TEXT NOT NULL);
CREATE TABLE points(point INTEGER PRIMARY KEY, key TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,
    algorithms TEXT NOT NULL, stage INTEGER NOT NULL, attempts INTEGER NOT NULL, reused INTEGER NOT NULL,
    host_s REAL NOT NULL, host_cpu_s REAL NOT NULL, peak_memory_B REAL NOT NULL);
CREATE TABLE labels(point INTEGER NOT NULL, axis INTEGER NOT NULL, label TEXT NOT NULL,
    PRIMARY KEY(point, axis)) WITHOUT ROWID;
CREATE TABLE results(point INTEGER NOT NULL, metric INTEGER NOT NULL, value REAL NOT NULL,
    PRIMARY KEY(point, metric)) WITHOUT ROWID;
)";

std::string quoted(const std::string& text, char quote) {
    std::string result(1, quote);
    for (const char c : text) {
        result += c == quote ? std::string(2, quote) : std::string(1, c);
    }
    return result + quote;
}

const char* word_of(MetricBetter better) {
    switch (better) {
        case MetricBetter::lower:
            return "lower";
        case MetricBetter::higher:
            return "higher";
        default:
            return "neither";
    }
}

void write_metrics(SqliteDatabase& database) {
    SqliteStatement insert(database, "INSERT INTO metrics VALUES (?, ?, ?, ?, ?)");
    for (std::size_t m = 0; m < all_metrics().size(); ++m) {
        const Metric& metric = all_metrics()[m];
        insert.bind(static_cast<std::int64_t>(m)).bind(metric.name).bind(metric.unit);
        insert.bind(std::string_view(word_of(metric.better))).bind(metric.meaning).run();
    }
}

}  // namespace

Database::Database(const std::filesystem::path& path) : database_(path) {
    database_.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
}

void Database::begin(const std::vector<std::pair<std::string, std::string>>& meta,
                     const std::vector<DatabaseAxis>& axes) {
    SqliteTransaction transaction(database_);
    database_.execute(kTables);
    SqliteStatement fact(database_, "INSERT INTO meta VALUES (?, ?)");
    for (const auto& [key, value] : meta) {
        fact.bind(key).bind(value).run();
    }
    SqliteStatement axis(database_, "INSERT INTO axes VALUES (?, ?, ?)");
    SqliteStatement value(database_, "INSERT INTO axis_values VALUES (?, ?, ?, ?, ?)");
    for (std::size_t a = 0; a < axes.size(); ++a) {
        axis.bind(static_cast<std::int64_t>(a)).bind(axes[a].name).bind(axes[a].role).run();
        for (std::size_t v = 0; v < axes[a].values.size(); ++v) {
            value.bind(static_cast<std::int64_t>(a)).bind(static_cast<std::int64_t>(v));
            value.bind(axes[a].values[v].label).bind(axes[a].values[v].number).bind(axes[a].values[v].overrides).run();
        }
    }
    write_metrics(database_);
    transaction.commit();
}

void Database::put(const std::vector<DatabasePoint>& points) {
    SqliteTransaction transaction(database_);
    SqliteStatement point(database_, "INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    SqliteStatement label(database_, "INSERT OR REPLACE INTO labels VALUES (?, ?, ?)");
    SqliteStatement clear(database_, "DELETE FROM results WHERE point = ?");
    SqliteStatement result(database_, "INSERT INTO results VALUES (?, ?, ?)");
    for (const DatabasePoint& p : points) {
        const auto index = static_cast<std::int64_t>(p.index);
        point.bind(index).bind(p.key).bind(p.status).bind(p.reason).bind(p.algorithms);
        point.bind(static_cast<std::int64_t>(p.stage)).bind(std::int64_t{p.attempts});
        point.bind(std::int64_t{p.reused ? 1 : 0}).bind(p.host_s).bind(p.host_cpu_s).bind(p.peak_memory_B).run();
        for (std::size_t a = 0; a < p.labels.size(); ++a) {
            label.bind(index).bind(static_cast<std::int64_t>(a)).bind(p.labels[a]).run();
        }
        clear.bind(index).run();
        for (std::size_t m = 0; m < p.values.size(); ++m) {
            if (p.values[m]) {
                result.bind(index).bind(static_cast<std::int64_t>(m)).bind(*p.values[m]).run();
            }
        }
    }
    transaction.commit();
}

void Database::finish(const std::vector<DatabaseAxis>& axes) {
    std::string view = "DROP VIEW IF EXISTS wide; CREATE VIEW wide AS SELECT p.point AS point";
    for (std::size_t a = 0; a < axes.size(); ++a) {
        view += ",\n  (SELECT label FROM labels l WHERE l.point = p.point AND l.axis = " + std::to_string(a) + ") AS " +
                quoted(axes[a].name, '"');
    }
    SqliteStatement used(database_, "SELECT DISTINCT metric FROM results ORDER BY metric");
    while (used.step()) {
        const std::int64_t metric = used.integer(0);
        view += ",\n  (SELECT value FROM results r WHERE r.point = p.point AND r.metric = " + std::to_string(metric) +
                ") AS " + quoted(std::string(all_metrics()[static_cast<std::size_t>(metric)].name), '"');
    }
    view += ",\n  p.algorithms AS algorithms, p.status AS status, p.reason AS reason FROM points p ORDER BY p.point";
    SqliteTransaction transaction(database_);
    database_.execute(view);
    transaction.commit();
    database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

std::optional<Database::Known> Database::point(std::size_t index) {
    SqliteStatement find(database_, "SELECT key, status, reason FROM points WHERE point = ?");
    if (!find.bind(static_cast<std::int64_t>(index)).step()) {
        return std::nullopt;
    }
    return Known{find.text(0), find.text(1), find.text(2)};
}

std::string Database::meta(const std::string& key) {
    SqliteStatement find(database_, "SELECT value FROM meta WHERE key = ?");
    return find.bind(key).step() ? find.text(0) : std::string{};
}

Database open_database(const std::filesystem::path& path) {
    try {
        SqliteDatabase probe(path);
        probe.execute("SELECT count(*) FROM sqlite_master");
    } catch (const UserError&) {
        std::error_code ignored;
        for (const char* end : {"", "-wal", "-shm"}) {
            std::filesystem::remove(path.string() + end, ignored);
        }
    }
    return Database(path);
}

}  // namespace myriad
