// The comparison's work in ns-3: point-to-point devices with deep drop-tail queues and own forwarding by table below IP,
// which is the fastest that ns-3 can be made to go. Switches store and forward (ns-3 has no cut-through), so a path of
// h links takes h - 1 packet times more than in Myriad. A packet is 9,000 bytes on the wire, everything included.

#include "bench/peers/report.h"
#include "bench/peers/traffic.h"

#include <ns3/core-module.h>
#include <ns3/network-module.h>
#include <ns3/point-to-point-module.h>

#include <algorithm>
#include <deque>
#include <exception>
#include <iostream>
#include <memory>

using namespace peers;

namespace {

constexpr std::int64_t kPacketBytes = 9000;
constexpr std::uint32_t kPppBytes = 2;

// Where a packet goes, whose it is and which step of a ring it belongs to; part of the 9,000 bytes.
class Address : public ns3::Header {
public:
    static ns3::TypeId GetTypeId() {
        static ns3::TypeId id = ns3::TypeId("Address").SetParent<ns3::Header>().AddConstructor<Address>();
        return id;
    }
    ns3::TypeId GetInstanceTypeId() const override { return GetTypeId(); }
    std::uint32_t GetSerializedSize() const override { return 8; }
    void Serialize(ns3::Buffer::Iterator at) const override {
        at.WriteU32(to);
        at.WriteU32(step);
    }
    std::uint32_t Deserialize(ns3::Buffer::Iterator at) override {
        to = at.ReadU32();
        step = at.ReadU32();
        return 8;
    }
    void Print(std::ostream& out) const override { out << to; }

    std::uint32_t to = 0;
    std::uint32_t step = 0;
};

struct Sending {
    int to = 0;
    std::uint32_t step = 0;
    std::int64_t left = 0;
};

class Network;

// A host or a switch: ports in the order of construction.
struct Station {
    int number = 0;  // hosts first
    std::vector<ns3::Ptr<ns3::PointToPointNetDevice>> ports;
    std::vector<std::deque<Sending>> waiting;  // by port; served round robin, a packet each
    std::vector<int> queued;                   // packets of its own in the device, by port
    std::vector<std::deque<bool>> in_device;   // by port, oldest first: is the packet its own
    std::int64_t received = 0;                 // bytes of the ring's current step
    int step = 0;
};

class Network {
public:
    explicit Network(const Case& c) : case_(c) {
        if (c.topology == "star") {
            build_star();
        } else if (c.topology == "clos") {
            build_clos();
        } else {
            build_torus();
        }
    }

    void start() {
        if (case_.pattern == "ring_all_reduce") {
            for (int host = 0; host < case_.hosts; ++host) {
                send(host, {(host + 1) % case_.hosts, 0, case_.bytes / case_.hosts});
            }
        }
        for (const Flow& flow : flows_of(case_)) {
            send(flow.from, {flow.to, 0, case_.bytes});
        }
    }
    [[nodiscard]] double hops() const { return static_cast<double>(hops_); }
    [[nodiscard]] double last_arrival_s() const { return last_.GetSeconds(); }

private:
    Station& station(int number) { return *stations_[static_cast<std::size_t>(number)]; }

    void add_stations(int count) {
        for (int i = 0; i < count; ++i) {
            stations_.push_back(std::make_unique<Station>());
            stations_.back()->number = static_cast<int>(stations_.size()) - 1;
            nodes_.push_back(ns3::CreateObject<ns3::Node>());
        }
    }

    void join(int a, int b) {
        auto channel = ns3::CreateObject<ns3::PointToPointChannel>();
        channel->SetAttribute("Delay", ns3::TimeValue(ns3::PicoSeconds(kLatencyPs)));
        for (const int end : {a, b}) {
            auto device = ns3::CreateObject<ns3::PointToPointNetDevice>();
            device->SetAddress(ns3::Mac48Address::Allocate());
            device->SetDataRate(ns3::DataRate(static_cast<std::uint64_t>(kBytesPerSecond) * 8));
            device->SetMtu(kPacketBytes);
            auto queue = ns3::CreateObject<ns3::DropTailQueue<ns3::Packet>>();
            queue->SetMaxSize(ns3::QueueSize("100000000p"));
            device->SetQueue(queue);
            nodes_[static_cast<std::size_t>(end)]->AddDevice(device);
            device->Attach(channel);
            Station& owner = station(end);
            const std::size_t port = owner.ports.size();
            owner.ports.push_back(device);
            owner.waiting.emplace_back();
            owner.queued.push_back(0);
            owner.in_device.emplace_back();
            device->SetReceiveCallback(ns3::MakeCallback(&Network::received, this));
            if (end < case_.hosts) {
                device->TraceConnectWithoutContext(
                    "PhyTxEnd", ns3::MakeBoundCallback(&Network::sent, this, end, static_cast<int>(port)));
            }
        }
    }

    void build_star() {
        add_stations(case_.hosts + 1);
        for (int host = 0; host < case_.hosts; ++host) {
            join(host, case_.hosts);
        }
    }
    void build_clos() {
        const int leaves = case_.hosts / kLeafHosts;
        add_stations(case_.hosts + leaves + kSpines);
        for (int host = 0; host < case_.hosts; ++host) {
            join(host, case_.hosts + host / kLeafHosts);
        }
        for (int spine = 0; spine < kSpines; ++spine) {
            for (int leaf = 0; leaf < leaves; ++leaf) {
                join(case_.hosts + leaf, case_.hosts + leaves + spine);
            }
        }
    }
    // Ports of a station: minus and plus of x, y, z; a station's plus link is made by itself.
    void build_torus() {
        const int side = torus_side(case_.hosts);
        add_stations(case_.hosts);
        for (int stride = 1; stride < case_.hosts; stride *= side) {
            for (int host = 0; host < case_.hosts; ++host) {
                const int at = host / stride % side;
                const int next = host + ((at + 1) % side - at) * stride;
                torus_port_[{host, next}] = static_cast<int>(station(host).ports.size());
                torus_port_[{next, host}] = static_cast<int>(station(next).ports.size());
                join(host, next);
            }
        }
    }

    [[nodiscard]] int port_to(int at, int to) const {
        if (case_.topology == "star") {
            return at < case_.hosts ? 0 : to;
        }
        if (case_.topology == "clos") {
            const int leaves = case_.hosts / kLeafHosts;
            if (at < case_.hosts) {
                return 0;
            }
            if (at >= case_.hosts + leaves) {
                return to / kLeafHosts;  // spine
            }
            const bool here = at - case_.hosts == to / kLeafHosts;
            return here ? to % kLeafHosts : kLeafHosts + to % kSpines;
        }
        const int side = torus_side(case_.hosts);
        for (int stride = 1; stride < case_.hosts; stride *= side) {
            const int here = at / stride % side;
            const int there = to / stride % side;
            if (here != there) {
                const int up = (there - here + side) % side;
                const int next = (here + (up <= side / 2 ? 1 : side - 1)) % side;
                return torus_port_.at({at, at + (next - here) * stride});
            }
        }
        throw std::logic_error("a packet for oneself");
    }

    void send(int host, const Sending& what) {
        const int port = port_to(host, what.to);
        station(host).waiting[static_cast<std::size_t>(port)].push_back(what);
        feed(host, port);
    }

    // Keeps two packets in the device: it never runs dry, and turns are taken late.
    void feed(int host, int port) {
        Station& from = station(host);
        auto& waiting = from.waiting[static_cast<std::size_t>(port)];
        int& queued = from.queued[static_cast<std::size_t>(port)];
        while (queued < 2 && !waiting.empty()) {
            Sending turn = waiting.front();
            waiting.pop_front();
            const std::int64_t bytes = std::min(turn.left, kPacketBytes);
            Address address;
            address.to = static_cast<std::uint32_t>(turn.to);
            address.step = turn.step;
            auto packet =
                ns3::Create<ns3::Packet>(static_cast<std::uint32_t>(bytes) - kPppBytes - address.GetSerializedSize());
            packet->AddHeader(address);
            ++queued;
            from.in_device[static_cast<std::size_t>(port)].push_back(true);
            from.ports[static_cast<std::size_t>(port)]->Send(packet, ns3::Mac48Address::GetBroadcast(), 0x800);
            turn.left -= bytes;
            if (turn.left > 0) {
                waiting.push_back(turn);
            }
        }
    }

    static void sent(Network* network, int host, int port, ns3::Ptr<const ns3::Packet> packet) {
        // Packets that a host of a torus forwards leave by the same devices and do not count.
        static_cast<void>(packet);
        Station& from = network->station(host);
        auto& in_device = from.in_device[static_cast<std::size_t>(port)];
        const bool own = in_device.front();
        in_device.pop_front();
        if (own) {
            --from.queued[static_cast<std::size_t>(port)];
            // Not within the device's own call: it has not taken its next packet yet.
            ns3::Simulator::ScheduleNow(&Network::feed, network, host, port);
        }
    }

    bool received(ns3::Ptr<ns3::NetDevice> device, ns3::Ptr<const ns3::Packet> packet, std::uint16_t /*protocol*/,
                  const ns3::Address& /*sender*/) {
        ++hops_;
        const int at = static_cast<int>(device->GetNode()->GetId());
        Address address;
        packet->PeekHeader(address);
        if (static_cast<int>(address.to) != at) {
            const int port = port_to(at, static_cast<int>(address.to));
            if (at < case_.hosts) {
                station(at).in_device[static_cast<std::size_t>(port)].push_back(false);
            }
            station(at).ports[static_cast<std::size_t>(port)]->Send(packet->Copy(), ns3::Mac48Address::GetBroadcast(),
                                                                    0x800);
            return true;
        }
        last_ = ns3::Simulator::Now();
        if (case_.pattern == "ring_all_reduce") {
            ring_step(at, packet->GetSize() + kPppBytes);
        }
        return true;
    }

    void ring_step(int host, std::int64_t bytes) {
        Station& rank = station(host);
        rank.received += bytes;
        if (rank.received < case_.bytes / case_.hosts) {
            return;
        }
        rank.received = 0;
        ++rank.step;
        if (rank.step < 2 * (case_.hosts - 1)) {
            send(host, {(host + 1) % case_.hosts, static_cast<std::uint32_t>(rank.step), case_.bytes / case_.hosts});
        }
    }

    Case case_;
    std::vector<std::unique_ptr<Station>> stations_;
    std::vector<ns3::Ptr<ns3::Node>> nodes_;
    std::map<std::pair<int, int>, int> torus_port_;
    std::int64_t hops_ = 0;
    ns3::Time last_;
};

}  // namespace

int main(int argc, char** argv) try {
    const Report report;
    ns3::Time::SetResolution(ns3::Time::PS);  // else serialisation is rounded to nanoseconds
    Network network(case_of(argc, argv));
    network.start();
    ns3::Simulator::Run();
    report.print("ns-3", network.last_arrival_s(), network.hops());
    std::_Exit(0);  // taking the nodes apart is not part of the work
} catch (const std::exception& error) {
    std::cerr << "ns3_peer: " << error.what() << "\n";
    return 2;
}
