// The comparison's work in SimGrid (S4U, fluid model CM02 without TCP's window and cross traffic, as an ideal network
// is modelled there). Topologies and routes are SimGrid's own: star zone, fat-tree zone (destination modulo up-links),
// torus zone (dimension order).

#include "bench/peers/report.h"
#include "bench/peers/traffic.h"

#include <xbt/log.h>
#include <simgrid/s4u.hpp>

#include <exception>
#include <iostream>

namespace sg4 = simgrid::s4u;
using namespace peers;

namespace {

constexpr double kBandwidth = static_cast<double>(kBytesPerSecond);
constexpr double kLatency = static_cast<double>(kLatencyPs) * 1e-12;
constexpr double kHostSpeed = 1e12;  // nothing computes

std::string host_name(int number) { return "host" + std::to_string(number); }

void build_star(const Case& c) {
    sg4::NetZone* zone = sg4::create_star_zone("star");
    for (int i = 0; i < c.hosts; ++i) {
        const sg4::Host* host = zone->create_host(host_name(i), kHostSpeed)->seal();
        const auto* link =
            zone->create_split_duplex_link("link" + std::to_string(i), kBandwidth)->set_latency(kLatency)->seal();
        zone->add_route(host->get_netpoint(), nullptr, nullptr, nullptr, {{link, sg4::LinkInRoute::Direction::UP}},
                        true);
    }
    zone->seal();
}

std::pair<simgrid::kernel::routing::NetPoint*, simgrid::kernel::routing::NetPoint*> make_host(
    sg4::NetZone* zone, const std::vector<unsigned long>& /*coordinates*/, unsigned long id) {
    return {zone->create_host(host_name(static_cast<int>(id)), kHostSpeed)->seal()->get_netpoint(), nullptr};
}

void build_clos(const Case& c) {
    const auto leaves = static_cast<unsigned>(c.hosts / kLeafHosts);
    sg4::create_fatTree_zone("clos", nullptr, {2, {kLeafHosts, leaves}, {1, kSpines}, {1, 1}},
                             {make_host, nullptr, nullptr}, kBandwidth, kLatency, sg4::Link::SharingPolicy::SPLITDUPLEX)
        ->seal();
}

void build_torus(const Case& c) {
    const auto side = static_cast<unsigned long>(torus_side(c.hosts));
    sg4::create_torus_zone("torus", nullptr, {side, side, side}, {make_host, nullptr, nullptr}, kBandwidth, kLatency,
                           sg4::Link::SharingPolicy::SPLITDUPLEX)
        ->seal();
}

void send_all(const Case& c, const std::vector<Flow>& flows) {
    // One actor a host would serialise nothing either; two a host (all sends, all receives) keep actors few.
    std::vector<std::vector<int>> to(static_cast<std::size_t>(c.hosts));
    std::vector<std::vector<int>> from(static_cast<std::size_t>(c.hosts));
    for (const Flow& flow : flows) {
        to[static_cast<std::size_t>(flow.from)].push_back(flow.to);
        from[static_cast<std::size_t>(flow.to)].push_back(flow.from);
    }
    const auto bytes = static_cast<double>(c.bytes);
    const auto box = [](int a, int b) { return sg4::Mailbox::by_name(std::to_string(a) + "-" + std::to_string(b)); };
    static int payload = 0;
    for (int host = 0; host < c.hosts; ++host) {
        sg4::Host* where = sg4::Host::by_name(host_name(host));
        sg4::Actor::create("send", where, [host, bytes, box, peers = to[static_cast<std::size_t>(host)]] {
            std::vector<sg4::CommPtr> sends;
            for (const int peer : peers) {
                sends.push_back(box(host, peer)->put_async(&payload, static_cast<std::uint64_t>(bytes)));
            }
            sg4::Comm::wait_all(sends);
        });
        sg4::Actor::create("receive", where, [host, box, peers = from[static_cast<std::size_t>(host)]] {
            std::vector<int*> data(peers.size());
            std::vector<sg4::CommPtr> receives;
            for (std::size_t i = 0; i < peers.size(); ++i) {
                receives.push_back(box(peers[i], host)->get_async<int>(&data[i]));
            }
            sg4::Comm::wait_all(receives);
        });
    }
}

void ring_all_reduce(const Case& c) {
    static int payload = 0;
    const auto chunk = static_cast<std::uint64_t>(c.bytes / c.hosts);
    for (int host = 0; host < c.hosts; ++host) {
        const sg4::ActorPtr rank =
            sg4::Actor::create("rank", sg4::Host::by_name(host_name(host)), [host, chunk, hosts = c.hosts] {
                sg4::Mailbox* next = sg4::Mailbox::by_name(std::to_string((host + 1) % hosts));
                sg4::Mailbox* own = sg4::Mailbox::by_name(std::to_string(host));
                for (int step = 0; step < 2 * (hosts - 1); ++step) {
                    int* data = nullptr;
                    // A rank goes on when it has received; it does not wait for its own send.
                    next->put_init(&payload, chunk)->detach();
                    own->get_async<int>(&data)->wait();
                }
            });
        // A message leaves when it is sent, not when it is asked for.
        sg4::Mailbox::by_name(std::to_string(host))->set_receiver(rank);
    }
}

}  // namespace

int main(int argc, char** argv) try {
    const Report report;
    xbt_log_control_set("xbt_cfg.thres:critical");  // it would tell each setting
    sg4::Engine engine(&argc, argv);
    for (const char* setting : {"network/model:CM02", "network/TCP-gamma:0", "network/crosstraffic:0",
                                "network/weight-S:0", "contexts/stack-size:64", "contexts/guard-size:0"}) {
        sg4::Engine::set_config(setting);
    }
    const Case c = case_of(argc, argv);
    if (c.topology == "star") {
        build_star(c);
    } else if (c.topology == "clos") {
        build_clos(c);
    } else {
        build_torus(c);
    }
    if (c.pattern == "ring_all_reduce") {
        ring_all_reduce(c);
    } else {
        send_all(c, flows_of(c));
    }
    engine.run();
    report.print("SimGrid", sg4::Engine::get_clock(), 0);
    return 0;
} catch (const std::exception& error) {
    std::cerr << "simgrid_peer: " << error.what() << "\n";
    return 2;
}
