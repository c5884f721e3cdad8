#pragma once
// A message is what a program sends; packets ("cells" of a chosen size) are what the links carry. Plain records; pools
// own them.

#include "sim/identity/card_id.h"
#include "sim/network/route.h"
#include "sim/units/units.h"

#include <cstdint>
#include <vector>

namespace myriad {

struct Message;

// Told at the instant at which the last byte of a message is at its destination. The message is gone afterwards.
class MessageClient {
public:
    virtual void on_message_arrival(Message& message) = 0;

protected:
    ~MessageClient() = default;
};

struct Message {
    CardId from{};
    CardId to{};
    Bytes size;
    Bytes arrived;
    RouteSet routes;
    TimePoint posted;
    std::uint64_t tag = 0;    // of the poster
    void* context = nullptr;  // of the poster
    MessageClient* client = nullptr;
};

struct Packet;

// A bounded buffer in front of a node. A packet names the one that it occupies, so that whoever sends it on can say when
// its place there is free again.
class PacketBuffer {
public:
    // The last byte of the packet leaves the buffer at `at`, which is not before now.
    virtual void leave(const Packet& packet, TimePoint at) = 0;

protected:
    ~PacketBuffer() = default;
};

// One cell on its way. Times are those at the node where it is now. A cache line; the second half is for flow control.
struct alignas(64) Packet {
    Message* message = nullptr;
    const std::uint16_t* next_port = nullptr;  // output port to take at this node, kRouteEnd at the destination
    TimePoint tail;                            // when its last byte arrives here (its head is here now)
    std::int32_t bytes = 0;
    // First hop: the sender asks to be told when the head has left the link.
    std::uint32_t wants_credit : 1 = 0;
    // Picoseconds by which its head was here before now: not 0 behind a link that was faster than one before it (see
    // interconnect/packet/link_model.h). Ends at 2 ms.
    std::uint32_t head_lag : 31 = 0;

    PacketBuffer* buffer = nullptr;  // that it occupies here, if that is bounded
    Packet* next = nullptr;          // behind it in a queue
    TimePoint entered;               // the queue that it is in
    std::uint16_t route = 0;         // which of the message's routes
    std::uint16_t turns = 0;   // connections that take turns at the port it was sent from; 0: it is passing through
    std::uint8_t channel = 0;  // virtual channel of the buffer that it occupies
    // What its next virtual channel follows from (interconnect/packet/virtual_channels.h).
    std::uint8_t dimension = 0;  // of the link before
    std::uint8_t phase = 0;
    bool crossed_dateline : 1 = false;
    bool congested : 1 = false;  // marked by a switch with a long queue (ECN)

    void set_head_lag(Picoseconds lag) {
        head_lag = static_cast<std::uint32_t>(lag.count() < kHeadLagMax ? lag.count() : kHeadLagMax) & kHeadLagMax;
    }
    [[nodiscard]] bool at_destination() const noexcept { return *next_port == kRouteEnd; }

private:
    static constexpr std::uint32_t kHeadLagMax = 0x7fffffff;
};

// What becomes of a message's bytes where they arrive.
enum class Arrival : std::uint8_t {
    store,  // written
    add,    // added to what is there: a reduction
};

// Where a message enters the network: the card's side of the contract. MessageNetwork posts, the card cuts and sends.
class MessageSource {
public:
    virtual void inject(Message& message, Arrival arrival) = 0;

protected:
    ~MessageSource() = default;
};

// Bytes of a message that have to find another way.
struct UnsentBytes {
    Message* message = nullptr;
    Bytes bytes;
};

// Whether a message may not leave over a route any more.
class RouteFilter {
public:
    // `rest`: the ports after the first, as a packet has them.
    [[nodiscard]] virtual bool is_closed(const Message& message, std::uint16_t first_port,
                                         const std::uint16_t* rest) const = 0;

protected:
    ~RouteFilter() = default;
};

// A source whose messages can change their routes while they wait.
class ReroutableSource : public MessageSource {
public:
    // Sends `bytes` of a message that has been injected before, over what its `routes` are now.
    virtual void inject_again(Message& message, Bytes bytes) = 0;
    // Takes back what waits for a closed route and appends it to `unsent`.
    virtual void withdraw(const RouteFilter& closed, std::vector<UnsentBytes>& unsent) = 0;

protected:
    ~ReroutableSource() = default;
};

}  // namespace myriad
