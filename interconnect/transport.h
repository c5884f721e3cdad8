#pragma once
// Moves one message from card to card: what a collective or a point-to-point call is made of. The packet level cuts
// it into packets; tests use a transport with a fixed time.

#include "sim/identity/card_id.h"
#include "sim/network/message.h"
#include "sim/units/units.h"

#include <cstdint>

namespace myriad {

class TransportClient {
public:
    // The last byte of the message that was posted with `tag` has arrived.
    virtual void on_arrival(CardId from, CardId to, std::uint64_t tag) = 0;

protected:
    ~TransportClient() = default;
};

// Is told of every message when its last byte has arrived, before its client is. Must not change anything.
class MessageWatcher {
public:
    virtual void on_message(CardId from, CardId to, Bytes size, TimePoint posted, TimePoint arrived) = 0;

protected:
    ~MessageWatcher() = default;
};

class Transport {
public:
    virtual ~Transport() = default;
    // `size` may be 0 (a message of headers only takes the path latency). from != to.
    virtual void post(CardId from, CardId to, Bytes size, std::uint64_t tag, Arrival arrival,
                      TransportClient& client) = 0;
};

}  // namespace myriad
