import gossip from '@eventstore/db-client/generated/gossip_pb.js'
import persistent from '@eventstore/db-client/generated/persistent_pb.js'
import features from '@eventstore/db-client/generated/serverfeatures_pb.js'
import shared from '@eventstore/db-client/generated/shared_pb.js'
import status from '@eventstore/db-client/generated/status_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import any from 'google-protobuf/google/protobuf/any_pb.js'
import empty from 'google-protobuf/google/protobuf/empty_pb.js'

// The generated messages are CommonJS, whose names an ES module sees only through the default import.
export { any, empty, features, gossip, persistent, shared, status, streams }
