# The ends of connections: what a stream's status says, and what still can be read.
extends "Program.gd"

var seen = []


func watch_refusal():
	var peer = connect_peer()
	note(peer)
	peer.disconnect_from_host()
	note(peer)
	say("seen", seen)


# The other side puts 10 bytes and closes before the cue.
func watch_close():
	var peer = meet()
	await_cue()
	note(peer)
	peer.get_data(4)
	note(peer)
	peer.get_data(6)
	note(peer)
	say("seen", seen)


# The other side resets before the cue.
func watch_reset():
	var peer = meet()
	await_cue()
	note(peer)
	say("seen", seen)


func close_after_ten():
	var peer = meet()
	peer.put_data("0123456789".to_ascii())
	peer.disconnect_from_host()


# The system resets a connection that is closed with something unread.
func reset():
	var peer = meet()
	await_bytes(peer, 1)
	peer.disconnect_from_host()


func close_after_much():
	var peer = meet()
	var bytes = PoolByteArray()
	bytes.resize(300000)
	bytes[299999] = 7
	peer.put_data(bytes)
	peer.disconnect_from_host()


# Reads slowly, and looks at the status each time.
func read_to_the_end():
	var peer = meet()
	await_cue()
	var count = 0
	var last = 0
	while peer.get_status() == StreamPeerTCP.STATUS_CONNECTED and pause():
		var bytes = peer.get_partial_data(7000)[1]
		if bytes.size() > 0:
			count += bytes.size()
			last = bytes[bytes.size() - 1]
	note(peer)
	say("read", [count, last])
	say("seen", seen)


# The other side half-closes after its question.
func answer():
	var peer = meet()
	peer.put_u32(peer.get_u32() + 1)
	peer.disconnect_from_host()


# Godot says -1 bytes for a stream that is closed.
func note(peer):
	seen.append("%s %d" % [status_name(peer), max(0, peer.get_available_bytes())])
