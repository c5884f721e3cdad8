#pragma once
// SQLite behind owners: a connection, a statement, a transaction. What goes wrong is thrown as UserError that names the
// file.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace myriad {

class SqliteDatabase {
public:
    explicit SqliteDatabase(std::filesystem::path path);  // opened, or made where it is missing
    ~SqliteDatabase();
    SqliteDatabase(const SqliteDatabase&) = delete;
    SqliteDatabase& operator=(const SqliteDatabase&) = delete;

    void execute(const std::string& sql);

private:
    friend class SqliteStatement;
    [[noreturn]] void fail() const;
    std::filesystem::path path_;
    sqlite3* connection_ = nullptr;
};

// Prepared once, run often: bind every `?` in order, then run().
class SqliteStatement {
public:
    SqliteStatement(SqliteDatabase& database, const std::string& sql);
    ~SqliteStatement();
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;

    SqliteStatement& bind(std::int64_t value);
    SqliteStatement& bind(double value);
    SqliteStatement& bind(std::string_view value);
    SqliteStatement& bind(std::optional<double> value);  // NULL where there is none
    // One step; true when it gave a row. At the end of the rows it can be bound again.
    bool step();
    void run();
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;

private:
    void check(int status) const;
    SqliteDatabase& database_;
    sqlite3_stmt* statement_ = nullptr;
    int next_ = 1;
};

// Rolled back unless it was committed.
class SqliteTransaction {
public:
    explicit SqliteTransaction(SqliteDatabase& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }
    ~SqliteTransaction();
    SqliteTransaction(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(const SqliteTransaction&) = delete;
    void commit();

private:
    SqliteDatabase& database_;
    bool open_ = true;
};

}  // namespace myriad
