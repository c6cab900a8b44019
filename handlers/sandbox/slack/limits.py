"""Slack's published limits, and the two everyone meets that are not published.

Sources: docs.slack.dev (Block Kit, views, Web API), slack_sdk.models; the sum over all
blocks is bolt-js issue 2509.
"""

# Messages.
BLOCKS_IN_MESSAGE = 50
MESSAGE_TEXT = 40_000  # chat.postMessage cuts here
UPDATE_TEXT = 4_000  # chat.update refuses: msg_too_long
ALL_BLOCKS_TEXT = 13_200
METADATA_BYTES = 16_000
ATTACHMENTS = 100

# Views.
BLOCKS_IN_VIEW = 100
VIEW_STACK = 3
VIEW_BYTES = 250_000
VIEW_TITLE = 24
PRIVATE_METADATA = 3000
IDENTIFIER = 255  # action_id, block_id, callback_id, external_id

# Blocks.
SECTION_TEXT = 3000
SECTION_FIELDS = 10
FIELD_TEXT = 2000
HEADER_TEXT = 150
ACTIONS_ELEMENTS = 25
CONTEXT_ELEMENTS = 10
CONTEXT_TEXT = 2000
MARKDOWN_TEXT = 12_000
INPUT_LABEL = 2000
IMAGE_URL = 3000
ALT_TEXT = 2000

# Elements.
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
URL = 3000
SELECT_OPTIONS = 100
OPTION_TEXT = 75
OPTION_VALUE = 150
OVERFLOW_OPTIONS = (2, 5)
CHOICE_OPTIONS = 10  # radio buttons and checkboxes
PLACEHOLDER = 150
INPUT_VALUE = 3000
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30

# Time, in seconds.
ACK = 3.0
TRIGGER = 3.0
RESPONSE_URL = 1800.0
RESPONSE_URL_POSTS = 5
EVENT_RETRIES = (0.0, 60.0, 300.0)

# Connections and calls.
SOCKETS = 10
TIER_PER_MINUTE = {"t1": 1, "t2": 20, "t3": 50, "t4": 100}
POSTS_BURST = 5  # messages a channel takes at once before one a second holds
