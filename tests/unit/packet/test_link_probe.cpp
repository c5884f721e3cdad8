// A link's waveform: the signals and the VCD file against the closed form.

#include "interconnect/packet/link_probe.h"
#include "tests/unit/packet/rig.h"

#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

using namespace myriad;
using namespace myriad::test;

namespace {

using Wave = std::vector<std::pair<std::int64_t, std::uint64_t>>;  // (ps, value) of each change

// Changes by name of the signal (its last part).
std::map<std::string, Wave> read_vcd(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::map<std::string, std::string> name_of_code;
    std::map<std::string, Wave> waves;
    std::int64_t now = 0;
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string first;
        words >> first;
        if (first == "$var") {
            std::string type;
            std::string width;
            std::string code;
            std::string name;
            words >> type >> width >> code >> name;
            name_of_code[code] = name.substr(name.rfind('.') + 1);
        } else if (first.starts_with('#')) {
            now = std::stoll(first.substr(1));
        } else if (first.starts_with('b')) {
            std::string code;
            words >> code;
            waves[name_of_code.at(code)].emplace_back(now, std::stoull(first.substr(1), nullptr, 2));
        } else if (first == "$timescale") {
            std::string scale;
            std::getline(file, scale);
            REQUIRE(scale.find("1 ps") != std::string::npos);
        } else if ((first.starts_with('0') || first.starts_with('1')) && name_of_code.contains(first.substr(1))) {
            waves[name_of_code.at(first.substr(1))].emplace_back(now, first[0] == '1' ? 1u : 0u);
        }
    }
    return waves;
}

// Posts messages at given times.
class Poster final : public AgendaClient {
public:
    Poster(Chain& chain, ComponentId self) : chain_(chain), self_(self) { chain.agenda.enroll(self, *this); }
    void at(Picoseconds time, Bytes size) {
        chain_.agenda.schedule(TimePoint{time}, Phase::deliver, self_, self_, static_cast<std::uint64_t>(size.count()));
    }
    void on_agenda(const AgendaRecord& record) override {
        const Bytes size{static_cast<std::int64_t>(record.payload)};
        chain_.banks[0]->post(chain_.message(record.payload, size, 1));
    }

private:
    Chain& chain_;
    ComponentId self_;
};

}  // namespace

TEST_CASE("a VCD file shows when a link is busy, to the picosecond") {
    const auto path = std::filesystem::temp_directory_path() / ("link_probe_" + std::to_string(getpid()));
    {
        Chain chain({kRate}, Bytes{4096});
        LinkProbe probe("probe", chain.agenda, ComponentId{2}, chain.links[0]->direction(0));
        Poster poster(chain, ComponentId{3});
        sc_core::sc_trace_file* file = sc_core::sc_create_vcd_trace_file(path.c_str());
        file->set_time_unit(1, sc_core::SC_PS);
        probe.trace(file);
        chain.start();
        poster.at(ns(100), Bytes{3 * 4096});
        poster.at(us(1), Bytes{1000});
        chain.run();
        sc_core::sc_close_vcd_trace_file(file);
    }
    const auto waves = read_vcd(path.string() + ".vcd");
    std::filesystem::remove(path.string() + ".vcd");
    REQUIRE(waves.size() == 3);
    // Three cells of 81,920 ps back to back from 100 ns on, 1,000 B of 20 ps each from 1 us on. No gap, so no toggle,
    // between the cells. Each wave begins with what the signals were at time 0.
    CHECK(waves.at("busy") == Wave{{0, 0}, {100'000, 1}, {345'760, 0}, {1'000'000, 1}, {1'020'000, 0}});
    CHECK(waves.at("packets") == Wave{{0, 0}, {100'000, 1}, {181'920, 2}, {263'840, 3}, {1'000'000, 4}});
    // All three are committed at once (they are shorter than the latency): two wait.
    CHECK(waves.at("queued_bytes") == Wave{{0, 0}, {100'000, 8192}, {181'920, 4096}, {263'840, 0}});
}

TEST_CASE("a probe changes no time") {
    Chain chain({kRate, BytesPerSecond{20'000'000'000}}, Bytes{4096});
    LinkProbe first("first", chain.agenda, ComponentId{4}, chain.links[0]->direction(0));
    LinkProbe second("second", chain.agenda, ComponentId{5}, chain.links[1]->direction(0));
    chain.start();
    const std::int64_t size = 1'000'000;
    chain.banks[0]->post(chain.message(1, Bytes{size}, 2));
    chain.run();
    CHECK(chain.log.time_of(1) == ps(50 * size) + 2 * kLatency);  // 50 ps a byte on the slower link
    CHECK_FALSE(first.busy.read());
    CHECK_FALSE(second.busy.read());
    CHECK(first.packets.read() == 245);  // ceil(1,000,000 / 4,096)
    CHECK(second.packets.read() == 245);
    CHECK(second.queued_bytes.read() == 0);
}
