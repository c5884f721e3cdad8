#pragma once
// Links that change during a run, at packet level (plain FIFO links only).
//
// Another bandwidth holds for packets that begin from then on; those that wait for a link that has become slower are put
// off, those that wait for one that has become faster begin as they would have.
//
// A link that dies loses what waits for it and what flies over it: a packet whose head (at its destination: tail) has
// not reached the far end. From then on it takes packets as before and loses them at the far end, because nobody knows.
// A detection time after its death the sources know: routes avoid it, parts of messages that wait at their source for a
// closed route are taken back, and what has been lost is sent again from its source over the new routes. What is lost
// after that, coming over old routes, is sent again at once. Nothing arrives twice.

#include "interconnect/packet/fabric.h"
#include "interconnect/packet/transport.h"
#include "interconnect/routing/timed_faults.h"

#include <deque>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace myriad {

class PacketFaults;

// One direction of a link that changes at some time: knows the packets in it.
class ChangingDirection final : public LinkObserver {
public:
    ChangingDirection(PacketFaults& owner, LinkDirection& direction) : owner_(owner), direction_(direction) {
        direction.observe(*this);
    }

    void on_transmission(Packet& packet, const Transmission& times) override;
    TimePoint arrival_of(const Packet& packet, TimePoint now) override;
    void on_lost(Packet& packet) override;

    // From now on.
    void set(const LinkState& state, TimePoint now);

    // Bytes that it has sent or will, lost ones included, and the time that this takes at whatever bandwidth.
    [[nodiscard]] Bytes carried() const;
    [[nodiscard]] Picoseconds busy() const;
    [[nodiscard]] std::int64_t lost_packets() const noexcept { return lost_packets_; }
    [[nodiscard]] Bytes lost() const noexcept { return lost_; }

private:
    struct Passing {
        Packet* packet = nullptr;
        Transmission times;
        bool lost = false;  // it takes its time, but does not get through
        bool told = false;  // its loss has been counted
    };
    struct Queue {
        TimePoint wire_free;
        Bytes waiting{};
    };
    [[nodiscard]] Queue queue_at(TimePoint now) const;
    void lose_all();
    TimePoint put_off(BytesPerSecond bandwidth, TimePoint now);
    void tell(Passing& passing);

    PacketFaults& owner_;
    LinkDirection& direction_;
    std::deque<Passing> passing_;  // in the order in which they were taken
    bool down_ = false;
    TimePoint known_at_{};  // to sources: that it has died
    Bytes never_sent_{};    // waited when it died
    Bytes bytes_before_{};  // carried before the last change of bandwidth
    Picoseconds busy_before_{};
    std::int64_t lost_packets_ = 0;
    Bytes lost_{};
};

class PacketFaults final : public ChangeableNetwork, private AgendaClient, private RouteFilter {
public:
    // Enrolls itself as `self`. sources[c] is where messages of card c enter. Everything given outlives it.
    PacketFaults(PacketFabric& fabric, PacketTransport& transport, NetworkMemory& memory, Agenda& agenda,
                 ComponentId self, std::vector<ReroutableSource*> sources, const std::vector<LinkStep>& steps);

    void set_link(const LinkState& state) override;
    void routes_changed() override;

    // Null: nothing ever happens to the link.
    [[nodiscard]] const ChangingDirection* direction(DirectedEdge way) const;
    [[nodiscard]] Bytes lost() const noexcept { return lost_; }
    // Of what was lost; the same once nothing is under way.
    [[nodiscard]] Bytes sent_again() const noexcept { return sent_again_ - withdrawn_; }
    [[nodiscard]] std::int64_t lost_packets() const noexcept { return lost_packets_; }

private:
    friend class ChangingDirection;
    // A packet's bytes will not arrive; they are sent again at `when`.
    void note_loss(const Packet& packet, TimePoint when);

    void on_agenda(const AgendaRecord& record) override;
    [[nodiscard]] bool is_closed(const Message& message, std::uint16_t first_port,
                                 const std::uint16_t* rest) const override;
    void send_again_at(TimePoint when, UnsentBytes unsent);

    PacketFabric& fabric_;
    PacketTransport& transport_;
    NetworkMemory& memory_;
    Agenda& agenda_;
    ComponentId self_;
    std::vector<ReroutableSource*> sources_;
    std::map<DirectedEdge, std::unique_ptr<ChangingDirection>> directions_;
    std::map<TimePoint, std::vector<UnsentBytes>> waiting_;
    Bytes lost_{};
    Bytes withdrawn_{};   // that waited for a closed route
    Bytes sent_again_{};  // of both kinds
    std::int64_t lost_packets_ = 0;
};

}  // namespace myriad
