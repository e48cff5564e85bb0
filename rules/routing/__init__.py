"""What kind of mail it is and which unit answers it, with score and reasons; like questions found."""
