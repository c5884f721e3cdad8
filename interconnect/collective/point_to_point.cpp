// Matching of messages. An entry of the table lives only while one side waits, so that a long run with ever new tags
// does not grow it.

#include "interconnect/collective/point_to_point.h"

#include "sim/error/error.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace myriad {

std::size_t PointToPoint::KeyHash::operator()(const Key& key) const noexcept {
    std::uint64_t mixed = (static_cast<std::uint64_t>(index(key.from)) << 32 | index(key.to)) * 0x9e3779b97f4a7c15ull;
    mixed = (mixed ^ (mixed >> 29) ^ key.tag) * 0xbf58476d1ce4e5b9ull;
    return static_cast<std::size_t>(mixed ^ (mixed >> 32));
}

PointToPoint::MessageId PointToPoint::send(CardId from, CardId to, std::uint64_t tag, Completion done) {
    MessageId id = 0;
    if (free_.empty()) {
        id = static_cast<MessageId>(messages_.size());
        messages_.emplace_back();
    } else {
        id = free_.back();
        free_.pop_back();
    }
    Message& message = messages_[id];
    const Key key{from, to, tag};
    message = {.key = key, .sent = done, .live = true};
    ++in_flight_;
    const auto [found, fresh] = waiting_.try_emplace(key);
    if (fresh || found->second.receives.empty()) {
        found->second.messages.push_back(id);
        ++unmatched_;
        return id;
    }
    message.received = found->second.receives.front();
    message.matched = true;
    found->second.receives.pop_front();
    --unmatched_;
    if (found->second.receives.empty()) {
        waiting_.erase(found);
    }
    return id;
}

bool PointToPoint::receive(CardId at, CardId from, std::uint64_t tag, Completion done) {
    const auto [found, fresh] = waiting_.try_emplace(Key{from, at, tag});
    if (fresh || found->second.messages.empty()) {
        found->second.receives.push_back(done);
        ++unmatched_;
        return false;
    }
    const MessageId id = found->second.messages.front();
    found->second.messages.pop_front();
    --unmatched_;
    if (found->second.messages.empty()) {
        waiting_.erase(found);
    }
    Message& message = messages_[id];
    if (message.here) {
        release(id);
        return true;
    }
    message.received = done;
    message.matched = true;
    return false;
}

void PointToPoint::arrived(MessageId id) {
    MYRIAD_CHECK(id < messages_.size() && !messages_[id].here, "a message arrives once");
    --in_flight_;
    messages_[id].here = true;
    // Copied: the completions may send again and move the table.
    const Message message = messages_[id];
    if (message.matched) {
        release(id);
    }
    message.sent();
    if (message.matched) {
        message.received();
    }
}

void PointToPoint::release(MessageId id) {
    messages_[id].live = false;
    free_.push_back(id);
}

std::string PointToPoint::waiting_text() const {
    constexpr std::size_t kShown = 8;
    std::vector<std::pair<Key, std::string>> lines;
    const auto add = [&](const Key& key, const char* pattern) {
        lines.emplace_back(key, fmt::format(fmt::runtime(pattern), index(key.from), index(key.to), key.tag));
    };
    for (const Message& message : messages_) {
        if (message.live && !message.here) {
            add(message.key, "a message from card {0} to card {1} with tag {2} is under way");
        } else if (message.live) {
            add(message.key, "card {1} has not received a message from card {0} with tag {2}");
        }
    }
    for (const auto& [key, waiting] : waiting_) {  // sorted below
        for (std::size_t i = 0; i < waiting.receives.size(); ++i) {
            add(key, "card {1} waits for a message from card {0} with tag {2}");
        }
    }
    std::sort(lines.begin(), lines.end());
    std::string text;
    for (std::size_t i = 0; i < lines.size() && i < kShown; ++i) {
        text += lines[i].second + "\n";
    }
    if (lines.size() > kShown) {
        text += fmt::format("and {} more\n", lines.size() - kShown);
    }
    return text;
}

}  // namespace myriad
