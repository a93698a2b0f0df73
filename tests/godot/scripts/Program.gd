# What all these programs share: options, JSON lines, cues and a connection. Each function named
# by --play in a script that extends this one is a program. Loops ask `pause` for another turn, so
# that nothing waits for longer than the ceiling.
extends SceneTree

const CEILING_MS = 8000

var cues = StreamPeerTCP.new()


func _initialize():
	cues.connect_to_host("127.0.0.1", int(option("cues")))
	await_connection(cues)
	call(option("play"))
	quit()


# The value of --name=value.
func option(name):
	for argument in OS.get_cmdline_args():
		if argument.begins_with("--" + name + "="):
			return argument.split("=")[1]


# Tells the test something: one line of JSON with one key.
func say(key, value):
	print(to_json({key: value}))


# Waits until the test says to go on.
func await_cue():
	cues.get_u8()


# Sleeps a moment; false when it is time to give up.
func pause():
	OS.delay_msec(1)
	return OS.get_ticks_msec() < CEILING_MS


# A connection to the test: made to --port, or taken there.
func meet():
	var peer = connect_peer() if option("role") == "client" else take_peer(listen())
	await_connection(peer) # An accepted one, too, has to look before it knows.
	peer.set_no_delay(true)
	say("met", peer.get_status() == StreamPeerTCP.STATUS_CONNECTED)
	return peer


func connect_peer():
	var peer = StreamPeerTCP.new()
	peer.connect_to_host("127.0.0.1", int(option("port")))
	await_connection(peer)
	return peer


func await_connection(peer):
	while peer.get_status() == StreamPeerTCP.STATUS_CONNECTING and pause():
		pass


func listen():
	var server = TCP_Server.new()
	say("listening", server.listen(int(option("port")), "127.0.0.1") == OK)
	return server


func take_peer(server):
	while not server.is_connection_available() and pause():
		pass
	return server.take_connection()


func await_bytes(peer, count):
	while peer.get_available_bytes() < count and pause():
		pass


func status_name(peer):
	return ["NONE", "CONNECTING", "CONNECTED", "ERROR"][peer.get_status()]
