#pragma once
// The database of a sweep's store, kept up to date while points come to their ends.

#include "app/scenario/sweep.h"
#include "app/store/database.h"
#include "app/store/store.h"
#include "app/sweep/engine.h"
#include "sim/progress/host_clock.h"

#include <cstdint>
#include <string>
#include <vector>

namespace myriad {

class SweepDatabase {
public:
    SweepDatabase(const Store& store, const Sweep& sweep, std::uint64_t seed);
    void put(const EnginePoint& end, std::size_t stage);  // written now and then
    void finish();

private:
    void flush();
    const Sweep& sweep_;
    std::vector<DatabaseAxis> axes_;
    Database database_;
    std::vector<DatabasePoint> waiting_;
    HostDuration flushed_{};
};

[[nodiscard]] std::filesystem::path database_path(const Store& store);
// A row, as the engine has left it.
[[nodiscard]] DatabasePoint database_point(const EnginePoint& end, std::vector<std::string> labels, std::size_t stage);

}  // namespace myriad
