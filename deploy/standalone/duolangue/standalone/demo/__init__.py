"""The main job from start to end, on sample people: a coordinator and the participants act as they would, through pages and mails."""
