// Text is bound as SQLITE_TRANSIENT: SQLite keeps a copy, so nothing depends on how long the caller's lives.

#include "app/store/sqlite.h"

#include "sim/error/error.h"

#include <sqlite3.h>

#include <utility>

namespace myriad {

SqliteDatabase::SqliteDatabase(std::filesystem::path path) : path_(std::move(path)) {
    if (sqlite3_open(path_.c_str(), &connection_) != SQLITE_OK) {
        const std::string why = connection_ != nullptr ? sqlite3_errmsg(connection_) : "no memory";
        sqlite3_close(connection_);
        throw UserError("cannot open '" + path_.string() + "': " + why);
    }
    sqlite3_busy_timeout(connection_, 10'000);  // a reader may be at work
}

SqliteDatabase::~SqliteDatabase() { sqlite3_close(connection_); }

void SqliteDatabase::fail() const {
    throw UserError("cannot write '" + path_.string() + "': " + sqlite3_errmsg(connection_));
}

void SqliteDatabase::execute(const std::string& sql) {
    if (sqlite3_exec(connection_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
        fail();
    }
}

SqliteStatement::SqliteStatement(SqliteDatabase& database, const std::string& sql) : database_(database) {
    check(sqlite3_prepare_v2(database.connection_, sql.c_str(), -1, &statement_, nullptr));
}

SqliteStatement::~SqliteStatement() { sqlite3_finalize(statement_); }

void SqliteStatement::check(int status) const {
    if (status != SQLITE_OK) {
        database_.fail();
    }
}

SqliteStatement& SqliteStatement::bind(std::int64_t value) {
    check(sqlite3_bind_int64(statement_, next_++, value));
    return *this;
}

SqliteStatement& SqliteStatement::bind(double value) {
    check(sqlite3_bind_double(statement_, next_++, value));
    return *this;
}

SqliteStatement& SqliteStatement::bind(std::string_view value) {
    check(sqlite3_bind_text(statement_, next_++, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT));
    return *this;
}

SqliteStatement& SqliteStatement::bind(std::optional<double> value) {
    if (value) {
        return bind(*value);
    }
    check(sqlite3_bind_null(statement_, next_++));
    return *this;
}

bool SqliteStatement::step() {
    const int status = sqlite3_step(statement_);
    if (status == SQLITE_ROW) {
        return true;
    }
    if (status != SQLITE_DONE) {
        database_.fail();
    }
    sqlite3_reset(statement_);
    next_ = 1;
    return false;
}

void SqliteStatement::run() {
    while (step()) {
    }
}

std::int64_t SqliteStatement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double SqliteStatement::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string SqliteStatement::text(int column) const {
    const unsigned char* text = sqlite3_column_text(statement_, column);
    return text == nullptr ? std::string{}
                           : std::string(reinterpret_cast<const char*>(text),  // NOLINT: bytes of UTF-8
                                         static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

SqliteTransaction::~SqliteTransaction() {
    if (open_) {
        try {
            database_.execute("ROLLBACK");
        } catch (const UserError&) {  // NOLINT(bugprone-empty-catch): what made it fail is being told
        }
    }
}

void SqliteTransaction::commit() {
    database_.execute("COMMIT");
    open_ = false;
}

}  // namespace myriad
