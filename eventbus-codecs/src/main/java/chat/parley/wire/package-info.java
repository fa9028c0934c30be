/** Wire formats that more than one service needs: the frames of v1, and those of v2 as JSON. */
package chat.parley.wire;
