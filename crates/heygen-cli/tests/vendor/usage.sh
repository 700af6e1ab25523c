# Command lines as the vendor's documentation shows them, with the checks that a reader
# would make. `main.rs` runs each part, from `#==` to the next, in a folder of its own
# with `heygen` on PATH, HEYGEN_API_KEY and HEYGEN_API_BASE set as its users set them.
# A pipe fails where one of its programs does, as jq takes an empty input for a success.
# A part with (refused) in its name is one that the vendor's own program does not run.

#== a video from inline data, and its id
VIDEO_ID=$(heygen video create -d '{"type":"avatar","avatar_id":"josh_lite3_20230714","voice_id":"en_voice","script":"Hello from the command line","title":"First"}' | jq -r '.data.video_id')
test -n "$VIDEO_ID" && test "$VIDEO_ID" != null
heygen video get "$VIDEO_ID" | jq -e --arg id "$VIDEO_ID" '.data.id == $id'

#== a video from a file
cat > request.json <<'JSON'
{
  "type": "avatar",
  "avatar_id": "josh_lite3_20230714",
  "voice_id": "en_voice",
  "script": "It's a file, isn't it?",
  "aspect_ratio": "16:9"
}
JSON
heygen video create -d request.json | jq -e '.data.video_id | length > 0'
heygen video create --data request.json > created.json
jq -e '.data.video_id' created.json

#== a video from stdin
echo '{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}' | heygen video create -d - | jq -e .data.video_id
jq -n --arg script "Made by jq" '{type: "avatar", avatar_id: "a", voice_id: "v", script: $script}' | heygen video create -d - >/dev/null
heygen video create -d - <<JSON
{"type": "avatar", "avatar_id": "a", "voice_id": "v", "script": "Here is $USER"}
JSON

#== waiting by a loop
VIDEO_ID=$(heygen video create -d '{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}' | jq -r .data.video_id)
until [ "$(heygen video get "$VIDEO_ID" | jq -r .data.status)" = completed ]; do
  sleep 0.1
done
heygen video get "$VIDEO_ID" | jq -e '.data.video_url | startswith("http")'

#== waiting by an option
heygen video create -d '{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}' --wait --timeout 2m > video.json
jq -e '.data.status == "completed"' video.json
heygen video create --wait --timeout 1h30m -d '{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}' | jq -r .data.video_url | grep -q '^http'

#== an agent's video
heygen video-agent create --prompt "A 30 second demo of our product" --wait --timeout 20m | jq -e '.data.status == "completed"'
SESSION=$(heygen video-agent create --prompt "Make it short" --orientation landscape --mode chat | jq -r .data.session_id)
heygen video-agent get "$SESSION" | jq -e .data
heygen video-agent send "$SESSION" --message "Make it shorter" | jq -e .data
heygen video-agent videos list "$SESSION" | jq -e .data
heygen video-agent stop "$SESSION" >/dev/null

#== a whole production
VIDEO_ID=$(heygen video create -d '{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}' --wait | jq -r .data.id)
heygen video download "$VIDEO_ID" --output-path out.mp4 | jq -e '.path == "out.mp4" or (.path | endswith("/out.mp4"))'
test -s out.mp4
if heygen video download "$VIDEO_ID" --output-path out.mp4 2> error.json; then exit 9; fi
jq -e '.error.code == "file_exists"' error.json
heygen video download "$VIDEO_ID" --output-path out.mp4 --force | jq -e '.asset == "video"'
heygen video download "$VIDEO_ID" >/dev/null
test -s "$VIDEO_ID.mp4"

#== lists
heygen video list --limit 5 | jq -r '.data[] | "\(.id)\t\(.title)"'
heygen video list --limit 2 | jq -e '(.data | length) <= 2 and has("has_more") and has("next_token")'
heygen avatar list --ownership public --limit 3 | jq -e '.data | type == "array"'
heygen avatar looks list --avatar-type studio_avatar | jq -e '.data | type == "array"'
heygen voice list --type public --language English --gender female | jq -e '.data | type == "array"'
heygen audio sounds list --query "calm piano" --min-score 0.5 | jq -e .data
heygen user me get | jq -e .data

#== the next page by its token
TOKEN=$(heygen video list --limit 1 | jq -r '.next_token // empty')
if [ -n "$TOKEN" ]; then heygen video list --limit 1 --token "$TOKEN" | jq -e .data; fi
token=; pages=0
while :; do
  page=$(heygen voice list --limit 20 ${token:+--token "$token"})
  pages=$((pages + 1))
  token=$(jq -r '.next_token // empty' <<<"$page")
  if [ -z "$token" ] || [ "$pages" -ge 5 ]; then break; fi
done

#== exit codes in scripts
if heygen video list --limit 999 > out 2> error.json; then exit 9; else code=$?; fi
test "$code" = 2 && test ! -s out && test "$(wc -l < error.json)" = 1
jq -e '.error.code == "usage_error"' error.json
if (unset HEYGEN_API_KEY; heygen video list) 2> error.json; then exit 9; else code=$?; fi
test "$code" = 3
jq -e '.error.code == "auth_error" and (.error.hint | length > 0)' error.json
heygen video get no_such_video_at_all --bogus 2>/dev/null || test $? = 2
case $(heygen video create 2>&1 >/dev/null | jq -r .error.code) in
  usage_error) ;;
  *) exit 9 ;;
esac
heygen video list >/dev/null 2>&1 && echo ok

#== errors go to stderr only
message=$(heygen nonsense 2>&1 >/dev/null | jq -r .error.message) || true
test -n "$message"
test -z "$(heygen nonsense 2>/dev/null || true)"
test -z "$(heygen video list 2>&1 >/dev/null)"

#== tables for people
heygen video list --human | head -1 | grep -q ID
HEYGEN_OUTPUT=human heygen avatar list | grep -q Name
heygen --human user me get | grep -q ':'
heygen video get abc --human | grep -q '^ID: *abc'
if heygen video get --human 2> error.txt; then exit 9; fi
grep -q '^Error: ' error.txt

#== settings
heygen config set output human | grep -q .
heygen video list | head -1 | grep -q ID
heygen config get output --human=false | jq -e '.value == "human" and .source == "file"'
HEYGEN_OUTPUT=json heygen config list | jq -e 'type == "array"'
heygen config set output json >/dev/null
heygen video list | jq -e .data
test "$(heygen config set api_base x 2>/dev/null; echo $?)" = 2

#== a stored key
unset HEYGEN_API_KEY
printf '%s\n' "$STORED_KEY" | heygen auth login > login.json 2>/dev/null
jq -e '.message' login.json
heygen video list | jq -e .data
heygen auth status | jq -e '.credential.source == "file" and .credential.type == "api_key"'
heygen auth logout 2>/dev/null | jq -e '.cleared_api_key == true'
if heygen video list 2>/dev/null; then exit 9; fi

#== a key that is set wins over a stored one
heygen auth status | jq -e '.credential.source == "env"'

#== translations
heygen video-translate languages list | jq -e '.data.languages | length > 0'
heygen video-translate create --output-languages French,German --title Demo -d '{"video":{"type":"url","url":"https://example.com/v.mp4"}}' | jq -e '.data.video_translation_ids | length > 0'
heygen video-translate create --output-languages French -d '{"video":{"type":"url","url":"https://example.com/v.mp4"}}' --wait | jq -e '.data.status == "completed"'

#== lip sync
heygen lipsync create --mode precision --enable-caption -d '{"video":{"type":"url","url":"https://example.com/v.mp4"},"audio":{"type":"url","url":"https://example.com/a.mp3"}}' --wait | jq -e '.data.status == "completed"'

#== webhooks
ID=$(heygen webhook endpoints create --url https://example.com/hook --events avatar_video.success,avatar_video.fail | jq -r .data.endpoint_id)
heygen webhook endpoints list | jq -e --arg id "$ID" '[.data[].endpoint_id] | index($id) != null'
heygen webhook endpoints update "$ID" --events avatar_video.success | jq -e .data
heygen webhook endpoints rotate-secret "$ID" | jq -e .data
heygen webhook endpoints delete "$ID" --force >/dev/null
heygen webhook event-types list | jq -e '.data | length > 0'

#== uploads
head -c 2000 /dev/zero > photo.png
ASSET=$(heygen asset create --file photo.png | jq -r '.data.id // .data.asset_id')
test "$ASSET" != null
heygen asset get "$ASSET" | jq -e .data
heygen asset delete "$ASSET" --force >/dev/null

#== speech
heygen voice speech create --text "Hello, world" --voice-id en_voice --speed 1.2 | jq -r '.data.audio_url' | grep -q .
heygen voice create --prompt "A calm voice" --seed 3 | jq -e .data

#== schemas
heygen video create --request-schema | jq -e 'type == "object"'
heygen video get --response-schema | jq -e '.properties.data'
heygen video-translate create --request-schema | jq -r '.properties | keys[]' | grep -q output_languages

#== deleting in a script
heygen video delete vid_1 --force
if heygen video delete vid_1 < /dev/null 2> error.json; then exit 9; else test $? = 1; fi
jq -e '.error.code == "confirmation_required"' error.json

#== many videos
for title in one two three; do
  heygen video create -d "{\"type\":\"avatar\",\"avatar_id\":\"a\",\"voice_id\":\"v\",\"script\":\"Hi\",\"title\":\"$title\"}" | jq -r .data.video_id
done > ids.txt
test "$(sort -u ids.txt | wc -l)" = 3
heygen video statuses list --video-ids "$(paste -sd, ids.txt)" | jq -e '.data | length == 3'
xargs -n 1 heygen video get < ids.txt | jq -e .data.id >/dev/null

#== several kinds of batches
heygen video batches create --title demo -d '{"videos":[{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}]}' | jq -e .data
heygen video-translate batches create -d '{"video_translations":[{"video":{"type":"url","url":"https://example.com/v.mp4"},"output_languages":["French"]}]}' | jq -e .data

#== help
heygen --help | grep -q video
heygen video --help | grep -q create
heygen help video create | grep -q -- --data
heygen webhook endpoints create --help | grep -q -- --events
heygen --version | grep -q heygen
heygen video | grep -q download

#== options of HyperFrames and of agents that call it
heygen video list --headers x-heygen-client-source:my-tool_1.0 | jq -e .data
CI=1 HEYGEN_NONINTERACTIVE=1 HEYGEN_NO_ANALYTICS=1 heygen video list | jq -e .data
CLAUDECODE=1 heygen user me get | jq -e .data

#== (refused) data of a file with an at sign
echo '{"variables":{"name":{"type":"text","content":"Ann"}}}' > variables.json
heygen template generate tmpl_1 -d @variables.json | jq -e .data

#== (refused) calls with only optional fields
heygen avatar consent create group_1 | jq -e .data
heygen video-translate proofreads generate proof_1 | jq -e .data
heygen video-agent stop session_1

#== (refused) waiting for every kind of job
heygen template generate tmpl_1 -d '{"variables":{}}' --wait | jq -e .data
heygen background-removal create -d '{"video":{"type":"url","url":"https://example.com/v.mp4"}}' --wait | jq -e '.data.status == "completed"'
heygen ai-clipping create -d '{"video":{"type":"url","url":"https://example.com/v.mp4"}}' --wait | jq -e .data
heygen avatar create -d '{"type":"prompt","name":"Ann","prompt":"A teacher"}' --wait | jq -e .data

#== (refused) waiting again
VIDEO_ID=$(heygen video create -d '{"type":"avatar","avatar_id":"a","voice_id":"v","script":"Hi"}' | jq -r .data.video_id)
heygen video get "$VIDEO_ID" --wait | jq -e '.data.status == "completed"'

#== (refused) translations into several languages are waited for
heygen video-translate create --output-languages French,German -d '{"video":{"type":"url","url":"https://example.com/v.mp4"}}' --wait | jq -e '.data | length == 2'

#== (refused) plain http to this computer without a permission
unset HEYGEN_ALLOW_HTTP
heygen video list | jq -e .data

#== hidden commands
heygen asset search --query cat --type image | jq -e .data
heygen completion bash | bash -n
heygen brand-kit list 2>/dev/null | jq -e .data
