#pragma once
// Port banks joined by links, without topology, routing or cards: routes are written down by the test.

#include "interconnect/packet/link.h"
#include "models/ppu/port_bank.h"
#include "sim/systemc/agenda_bridge.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace myriad::test {

constexpr BytesPerSecond kRate{50'000'000'000};  // 20 ps a byte
constexpr Picoseconds kLatency = ns(500);

// Arrivals by tag of the message, in the order in which they came.
class ArrivalLog final : public MessageClient {
public:
    explicit ArrivalLog(Agenda& agenda) : agenda_(agenda) {}
    struct Entry {
        std::uint64_t tag = 0;
        TimePoint time;
    };
    void on_message_arrival(Message& message) override { entries.push_back({message.tag, agenda_.now()}); }
    [[nodiscard]] Picoseconds time_of(std::uint64_t tag) const {
        for (const Entry& entry : entries) {
            if (entry.tag == tag) {
                return entry.time.time_since_epoch();
            }
        }
        return ps(-1);
    }
    std::vector<Entry> entries;

private:
    Agenda& agenda_;
};

// Route sets as words that stay where they are.
class Routes {
public:
    RouteSet of(const std::vector<std::vector<std::uint16_t>>& routes) {
        std::vector<std::uint16_t>& words = words_.emplace_back();
        words.push_back(static_cast<std::uint16_t>(routes.size()));
        std::size_t next = routes.size() + 2;
        for (const auto& route : routes) {
            words.push_back(static_cast<std::uint16_t>(next));
            next += route.size() + 1;
        }
        words.push_back(static_cast<std::uint16_t>(next));
        for (const auto& route : routes) {
            words.insert(words.end(), route.begin(), route.end());
            words.push_back(kRouteEnd);
        }
        return RouteSet{words.data()};
    }

private:
    std::deque<std::vector<std::uint16_t>> words_;
};

// A chain of cards: port 0 of each leads up the chain, port 1 down. Links are of the rates given.
struct Chain {
    Chain(const std::vector<BytesPerSecond>& rates, Bytes cell, Picoseconds latency = kLatency) {
        const std::vector<PortSpec> ports{{PortRole::initiator, latency}, {PortRole::target, latency}};
        for (std::size_t c = 0; c <= rates.size(); ++c) {
            std::vector<PortSpec> present = ports;
            // Ends of the chain have both ports too; a link to nowhere would not elaborate, so they get one less.
            if (c == 0) {
                present = {ports[0]};
            } else if (c == rates.size()) {
                present = {ports[1]};
            }
            banks.push_back(
                std::make_unique<PortBank>(("card" + std::to_string(c)).c_str(), agenda, memory, cell, present));
        }
        for (std::size_t l = 0; l < rates.size(); ++l) {
            links.push_back(std::make_unique<Link>(("link" + std::to_string(l)).c_str(), agenda, memory.arena,
                                                   static_cast<std::uint32_t>(l), rates[l], latency, latency));
            bind_ports(banks[l]->port(0), links[l]->side_a);
            bind_ports(links[l]->side_b, banks[l + 1]->port(l + 1 == rates.size() ? 0 : 1));
        }
    }

    // Up the chain from card `from` by `hops`.
    Message& message(std::uint64_t tag, Bytes size, std::size_t hops, void* poster = nullptr) {
        Message& m = memory.messages.take();
        m.size = size;
        m.tag = tag;
        m.context = poster;
        m.client = &log;
        // Equal routes are the same words, as a Router has it.
        while (up.size() <= hops) {
            up.push_back(routes.of({std::vector<std::uint16_t>(up.size(), 0)}));
        }
        m.routes = up[hops];
        return m;
    }
    void start() { sc_core::sc_start(sc_core::SC_ZERO_TIME); }
    void run() { sc_core::sc_start(); }

    Agenda agenda;
    NetworkMemory memory;
    AgendaBridge bridge{"bridge", agenda};
    Routes routes;
    std::vector<RouteSet> up;  // by hops
    ArrivalLog log{agenda};
    std::vector<std::unique_ptr<PortBank>> banks;
    std::vector<std::unique_ptr<Link>> links;
};

}  // namespace myriad::test
